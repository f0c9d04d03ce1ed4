-- table: erasures
-- everywhere
--
-- Who is to be erased, and which collectors have done so. A collector that hears of an erasure ships what
-- it had acknowledged before, erases once more, and says so here: when every collector has, nothing of the
-- person can come any more. The pseudonym is taken out of the row then.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    number    UUID,
    product   LowCardinality(String),
    is_account UInt8,
    pseudonym FixedString(16),
    asked     DateTime('UTC'),
    node      UInt32,                      -- 0 the request itself; otherwise a collector that has erased
    events    UInt64                       -- how many it found
) ENGINE = @replacing(events)
ORDER BY (number, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
