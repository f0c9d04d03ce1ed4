-- table: last_batches
-- everywhere
--
-- Of `batches`, the last one of each collector on each day. That list only grows, and this one does not: questions and
-- counts look here first. A row is written after that of the batch, and the largest number stays.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    day     Date,
    node    UInt32,
    batch   UInt64
) ENGINE = @replacing(batch)
ORDER BY (product, day, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
