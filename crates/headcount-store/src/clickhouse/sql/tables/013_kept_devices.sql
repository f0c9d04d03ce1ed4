-- table: kept_devices
-- everywhere
--
-- The devices of a period of which a day has expired: how many they were then, what a sketch said of them
-- then, and the sketch, into which later ones go with each day that expires. What it has grown by since is
-- the number of those that came later, with an error of about 0.4 %. Nothing in it stands for a device.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product  LowCardinality(String),
    period   Enum8('day' = 0, 'week' = 1, 'month' = 2),
    start    Date,
    version  LowCardinality(String),
    is_settled UInt8,                      -- whether the version is settled, as in `cells`
    is_all   UInt8,                        -- 1 for all versions together
    weight   UInt16,
    devices  UInt64,                       -- exact
    sketched UInt64,
    sketch   AggregateFunction(uniqCombined64(17), FixedString(16)),
    is_gone  UInt8,                        -- whether another row has taken it in
    revision UInt64
) ENGINE = @replacing(revision)
ORDER BY (product, period, start, is_all, version, is_settled, weight)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
