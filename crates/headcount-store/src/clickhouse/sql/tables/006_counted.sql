-- table: counted
-- everywhere
--
-- Which generation of a day's counts holds, and which batches it contains: of each collector, those up to
-- a number. The newest generation wins: numbers rise, and what takes events away leaves one out, so that a slow
-- collector with an older look at a day does not undo it.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product    LowCardinality(String),
    day        Date,
    generation UInt64,
    nodes      Array(UInt32),
    batches    Array(UInt64),              -- the last batch of each node
    contains   UInt64,                     -- the number of batches
    -- Not 0: the day is settled, and grows by addition alone. What was erased up to this generation is in it.
    settled    UInt64
) ENGINE = @replacing(generation)
ORDER BY (product, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
