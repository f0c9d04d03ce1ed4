-- table: generations
-- everywhere
--
-- The numbers of generations that were taken, and when. Cleaning takes away what is of an old number and does not hold.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    generation UInt64,
    since      DateTime('UTC')
) ENGINE = @merge_tree
ORDER BY generation
TTL since + INTERVAL 7 DAY
SETTINGS @window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
