-- table: pairs
-- everywhere
--
-- The pairs of columns that catalogs want counted together, by the names and kinds of their columns.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product    LowCardinality(String),
    event      LowCardinality(String),
    one        LowCardinality(String),
    one_kind   UInt8,
    other      LowCardinality(String),
    other_kind UInt8
) ENGINE = @replacing()
ORDER BY (product, event, one, one_kind, other, other_kind)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
