-- table: version_columns
-- everywhere
--
-- The columns that have the version of the host, by the catalogs of a product: mostly one.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product  LowCardinality(String),
    `column` LowCardinality(String)
) ENGINE = @replacing()
ORDER BY (product, `column`)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
