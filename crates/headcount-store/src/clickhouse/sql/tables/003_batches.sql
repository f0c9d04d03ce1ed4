-- table: batches
-- everywhere
--
-- Which batches have reached `events`, by the days in them: what a question has to add to the counts of a
-- day, and what has to be counted again. A row is written after its batch, so a batch that is there
-- without one is sent again, and is a duplicate.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    day     Date,
    node    UInt32,
    batch   UInt64,
    rows    UInt64                 -- as sent, duplicates too
) ENGINE = @replacing(rows)
PARTITION BY toYYYYMM(day)
ORDER BY (product, day, node, batch)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
