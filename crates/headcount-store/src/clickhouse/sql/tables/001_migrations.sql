-- table: migrations
-- everywhere
--
-- Which of these files have been run to their end. Every statement of a migration can be run again, so
-- that one that was killed half-way is started again from its beginning: the row comes last. A version
-- that a collector does not know is of a newer one, which must not be written to.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    version  UInt32,
    name     String,
    text     UInt64,               -- sipHash64 of the file: a released file never changes
    finished DateTime('UTC')
) ENGINE = @replacing(finished)
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
