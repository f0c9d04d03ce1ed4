-- table: cohorts
-- everywhere
--
-- Cohorts of weeks of which a day has expired, as they were then.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product LowCardinality(String),
    cohort  Date,
    week    Date,
    devices UInt64
) ENGINE = @replacing()
ORDER BY (product, cohort, week)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
