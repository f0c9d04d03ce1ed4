-- table: older_devices
-- shard: sipHash64(device)
--
-- Devices that were there on a day that has expired and are still there on one that lives: they are new in
-- no week any more. They go with their last day, and when they are erased.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    device  FixedString(16) CODEC(ZSTD(1))
) ENGINE = @replacing()
ORDER BY (product, device)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
