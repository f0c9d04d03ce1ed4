-- table: vocabulary
-- everywhere
--
-- Values of open vocabularies that enough devices have told, and words of closed sets that have the name
-- of an open column. Every other value of an open vocabulary is shown as `other`. `former` has had a row
-- and is not told any more: its old counts keep their name.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product  LowCardinality(String),
    `column` LowCardinality(String),
    text     String,
    standing Enum8('fixed' = 0, 'row' = 1, 'former' = 2, 'gone' = 3),
    last     Date,                         -- the last day on which it was told
    revision UInt64
) ENGINE = @replacing(revision)
ORDER BY (product, `column`, text)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
