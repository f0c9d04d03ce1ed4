-- table: rejected
-- everywhere
--
-- Where and why events were rejected and properties dropped, as sums of each collector, as in `outcomes`.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    day     Date,                          -- of arrival
    path    LowCardinality(String),
    kind    LowCardinality(String),
    reason  LowCardinality(String),
    catalog UInt32,
    program LowCardinality(String),
    node    UInt32,
    batch   UInt64,
    count   Int64                          -- of node 0, which is none: what has expired, below 0
) ENGINE = @replacing(batch)
PARTITION BY toYYYYMM(day)
ORDER BY (product, day, path, kind, reason, catalog, program, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
