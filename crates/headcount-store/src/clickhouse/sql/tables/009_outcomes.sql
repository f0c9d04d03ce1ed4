-- table: outcomes
-- everywhere
--
-- What became of the arrivals of each collector. A row is the collector's whole sum so far, and the newest
-- one holds: sent twice, it is the same row.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    outcome LowCardinality(String),
    reason  LowCardinality(String),
    node    UInt32,
    batch   UInt64,                        -- up to which batch it counts
    count   UInt64
) ENGINE = @replacing(batch)
ORDER BY (product, outcome, reason, node)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
