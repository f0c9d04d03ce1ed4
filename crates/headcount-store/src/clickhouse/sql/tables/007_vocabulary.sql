-- table: vocabulary
-- everywhere
--
-- Values of open vocabularies that enough devices have told, and words of closed sets, which may have the name of an
-- open column. Every other value of an open vocabulary is shown as `other`. A value that is not told any more is
-- gone from here: its old counts are settled under its name.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product  LowCardinality(String),
    `column` LowCardinality(String),
    text     String,
    standing Enum8('fixed' = 0, 'row' = 1, 'gone' = 2),
    revision UInt64
) ENGINE = @replacing(revision)
ORDER BY (product, `column`, text)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
