-- table: collectors
-- everywhere
--
-- The collectors, each with the last batch that it has shipped and when it was heard of: for the page, for
-- erasures, and so that no two have one number.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    node    UInt32,
    secret  UInt64,                        -- random, made with its spool: another one of this number is refused
    heard   DateTime('UTC'),
    batch   UInt64,
    waiting UInt64                         -- bytes in its spool
) ENGINE = @replacing(heard)
ORDER BY (node, secret)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
