-- table: moves
-- everywhere
--
-- Which days of which folder have been moved here whole, by `headcount migrate`: how many events they had, and the
-- sum by which they are compared. A day that has had other events since is moved again.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    node    UInt32,                        -- the folder's number
    product LowCardinality(String),
    day     Date,
    rows    UInt64,
    sum     UInt64,
    moved   DateTime('UTC')
) ENGINE = @replacing(moved)
ORDER BY (node, product, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
