-- table: cells
-- everywhere
--
-- Rollups: what a day's events add up to, for good. A day is counted anew from FINAL while events still
-- come for it, each time as a whole generation, and `counted` says which generation holds. So nothing is
-- added twice, nothing is deleted while somebody reads, an ended run leaves rows that nobody reads, and no
-- ALTER is needed, nor a right to it.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product     LowCardinality(String),
    day         Date,
    generation  UInt64,
    kind        Enum8('event' = 0, 'value' = 1, 'pair' = 2, 'number' = 3, 'mark' = 4),
    event       LowCardinality(String),
    version     LowCardinality(String),
    failed      UInt8,
    one         LowCardinality(String),    -- the column; of a mark, the period
    one_open    UInt8,
    one_value   LowCardinality(String),    -- of a mark, the age
    other       LowCardinality(String),
    other_open  UInt8,
    other_value LowCardinality(String),
    number      Float64,                   -- what stands for the bucket of a histogram
    count       UInt64
) ENGINE = @merge_tree
PARTITION BY toYYYYMM(day)
ORDER BY (product, kind, event, one, day)
SETTINGS @window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
