-- table: counted
-- everywhere
--
-- Which generations of a day's counts hold, and which batches they contain: of each collector, those up to
-- a number. The newest row wins, and a settled one wins over every other: numbers rise, and what takes events away
-- leaves one out, so that a slow collector with an older look at a day does not undo it.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product    LowCardinality(String),
    day        Date,
    generation UInt64,
    nodes      Array(UInt32),
    batches    Array(UInt64),              -- the last batch of each node
    contains   UInt64,                     -- the number of batches
    parts      Array(UInt64),              -- the generations that add up to the day, this one among them
    -- Erasures up to this one took their events away before the day was counted: what these had added counts, too.
    erased     UInt64,
    -- Not 0: the day needs its events no more. What was erased up to this generation is in it.
    settled    UInt64,
    rank       UInt64                      -- by which rows win
) ENGINE = @replacing(rank)
ORDER BY (product, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
