-- table: kept_devices
-- everywhere
--
-- The devices of a period of which a day has expired: how many they were then, and a sketch, so that those
-- that come later can be added with an error of about 0.4 %. Nothing in a sketch stands for a device.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    period  Enum8('day' = 0, 'week' = 1, 'month' = 2),
    start   Date,
    version LowCardinality(String),
    is_all  UInt8,                         -- 1 for all versions together
    weight  UInt16,
    devices UInt64,                        -- exact
    sketch  AggregateFunction(uniqCombined64(17), FixedString(16)),
    frozen  DateTime('UTC')
) ENGINE = @replacing()
ORDER BY (product, period, start, is_all, version, weight)
