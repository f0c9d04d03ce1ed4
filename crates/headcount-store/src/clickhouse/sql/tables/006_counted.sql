-- table: counted
-- everywhere
--
-- Which generations of a day's counts hold, and which batches they contain: of each collector, those up to
-- a number. A row is inserted under a token that names the one it replaces (`house/hold.rs`), so that of two collectors
-- that counted a day at once, one has counted for nothing. The largest rank holds: numbers rise, and a settled day
-- stays settled.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product    LowCardinality(String),
    day        Date,
    generation UInt64,
    nodes      Array(UInt32),              -- those of which there are batches of the day
    batches    Array(UInt64),              -- the last batch of each node
    contains   UInt64,                     -- the number of batches
    parts      Array(UInt64),              -- the generations that add up to the day, this one among them
    superseded Array(UInt64),              -- those of the row before: somebody may be reading them
    -- What was kept aside of erasures counts if their number is above `settled` and not above `erased`: their events
    -- were gone when the day was counted, and not when it was settled.
    erased     UInt64,
    settled    UInt64,                     -- not 0: the day needs its events no more
    rank       UInt64
) ENGINE = @replacing(rank)
ORDER BY (product, day)
SETTINGS @window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
