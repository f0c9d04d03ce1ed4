-- table: erased_cells
-- everywhere
--
-- What erased events had added to the counts: sums stay, since they stand for nobody. They are written before
-- the events go, under the number of the erasure, so that a second try replaces the first. They count on
-- days that are counted without these events, as `erased` in `counted` says: so no row of a day has them twice, or not at all.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    generation  UInt64,
    product     LowCardinality(String),
    day         Date,
    kind        Enum8('event' = 0, 'value' = 1, 'pair' = 2, 'number' = 3, 'mark' = 4, 'gone' = 5),
    event       LowCardinality(String),
    version     LowCardinality(String),
    version_open UInt8,
    failed      UInt8,
    one         LowCardinality(String),
    one_open    UInt8,
    one_value   LowCardinality(String),
    other       LowCardinality(String),
    other_open  UInt8,
    other_value LowCardinality(String),
    number      Float64,
    count       UInt64
) ENGINE = @replacing()
PARTITION BY toYYYYMM(day)
ORDER BY (product, kind, event, one, day, version, failed, one_open, one_value, other, other_open, other_value, number, generation)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
