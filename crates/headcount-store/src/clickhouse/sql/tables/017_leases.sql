-- table: leases
-- everywhere
--
-- Which collector keeps house in which hour, and counts in which minute. A term is a number that only rises. Every collector
-- that wants it inserts one row under the token `lease-TERM`: the first one stays, the others are duplicates
-- of it and are dropped by the server. Then each reads whose row is there. Nothing has to be given back: a
-- collector that dies leaves the next term to the others. Two that keep house at once, because one of them
-- was slow, do no harm: everything that keeps house may be run twice.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    term  UInt64,
    node  UInt32,
    since DateTime('UTC')
) ENGINE = @merge_tree
ORDER BY term
TTL since + INTERVAL 7 DAY
SETTINGS @window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
