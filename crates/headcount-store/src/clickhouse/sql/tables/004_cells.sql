-- table: cells
-- everywhere
--
-- Rollups: what a day's events add up to, for good. While events come for it, what is new is counted from FINAL as one
-- more generation, now and then with what is there already, and `counted` says which generations hold. So nothing is
-- added twice, nothing is deleted while somebody reads, an ended run leaves rows that nobody reads, and no
-- ALTER is needed, nor a right to it.
--
-- Once the raw events of a day go, its counts are settled: they grow by addition alone. A value that is not told any
-- more is settled with them: it keeps its name or is `other` for good, whatever is told later. Of a day whose counts
-- are gone, one row is left with the weight of its events (`gone`), and marks of a week or month that is not.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product     LowCardinality(String),
    day         Date,
    generation  UInt64,
    kind        Enum8('event' = 0, 'value' = 1, 'pair' = 2, 'number' = 3, 'mark' = 4, 'gone' = 5),
    event       LowCardinality(String),
    version     LowCardinality(String),
    version_open UInt8,                    -- as of a value
    failed      UInt8,
    one         LowCardinality(String),    -- the column; of a mark, the period
    one_open    UInt8,                     -- 0 a word of a closed set, 1 of an open vocabulary, 2 settled
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
