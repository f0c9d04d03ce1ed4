-- table: device_days
-- shard: sipHash64(device)
--
-- Which devices were there on a day, with the smallest weight of their events: distinct devices of a day, a
-- week and a month are exact as long as their days live. Of the generations of a day, those that
-- `counted` names hold. Nothing here outlives the raw events of its day.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product    LowCardinality(String),
    day        Date,
    generation UInt64,
    device     FixedString(16) CODEC(ZSTD(1)),
    version    LowCardinality(String),
    weight     UInt16
) ENGINE = @merge_tree
PARTITION BY toMonday(day)
ORDER BY (product, day, device, version)
SETTINGS @window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
