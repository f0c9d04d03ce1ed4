-- table: products
-- everywhere
--
-- The first day of each product whose raw events live. Questions about raw events ask no day before it, whether its
-- events have gone already or not. `has_devices` is set once a product has had an id or a mark.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product     LowCardinality(String),
    revision    UInt64,
    first_raw   Date,
    has_devices UInt8
) ENGINE = @replacing(revision)
ORDER BY product
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
