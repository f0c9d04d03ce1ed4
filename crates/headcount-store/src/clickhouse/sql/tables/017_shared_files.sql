-- table: shared_files
-- everywhere
--
-- What collectors share and none of them owns: versions of catalogs, keys, readers, notes, the days on which
-- something was asked for, shapes of rows. The newest revision holds. The secret of the pseudonyms is never
-- here: who could read both could undo them.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    kind     Enum8('catalog' = 0, 'keys' = 1, 'readers' = 2, 'note' = 3, 'last_asked' = 4, 'schema' = 5),
    product  LowCardinality(String),
    name     String,
    revision UInt64,
    is_gone  UInt8,
    body     String CODEC(ZSTD(3))
) ENGINE = @replacing(revision)
ORDER BY (kind, product, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
