-- table: events
-- shard: sipHash64(id)
--
-- Raw events. Everything that decides where a row lies is said by the event itself (product, day, id), so
-- that the same event sent by any collector at any time meets its first copy: in the same shard, in the
-- same partition, under the same key. FINAL then leaves one of them. It is the first one that counts, and
-- ReplacingMergeTree keeps the largest version: so `rank` falls while time goes on. It is the server's time
-- and not the number of a batch, so that what is counted already never loses against a copy that comes later
-- from a collector that was behind.
--
-- The key is product, day and id and nothing else: two events of one id are one event, whatever else they
-- say. It begins with product and day, so that a question about a day reads nothing else. A partition is a
-- week: a batch, with its few late events of many days, makes a few parts and not a hundred.
--
-- Cells lie in lists, by the name of their column: catalogs come and go without a change of tables.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product           LowCardinality(String),
    day               Date,
    id                FixedString(16) CODEC(ZSTD(1)),
    node              UInt32 CODEC(ZSTD(1)),           -- the collector that sent it
    batch             UInt64 CODEC(ZSTD(1)),           -- the number that it has at that collector
    rank              UInt64 DEFAULT 18446744073709551615 - toUInt64(toUnixTimestamp64Nano(now64(9))) CODEC(ZSTD(1)),
    content           UInt32 CODEC(NONE),              -- the hash by which a duplicate is told from another event
    event             LowCardinality(String) CODEC(ZSTD(1)),
    version           LowCardinality(String) CODEC(ZSTD(1)),   -- of the host; empty if the event names none
    failed            UInt8 CODEC(ZSTD(1)),            -- 0 it does not say, 1 it worked, 2 it failed
    weight            UInt16 CODEC(ZSTD(1)),           -- how many events it stands for
    marks             UInt8 CODEC(ZSTD(1)),            -- RowMarks::byte
    device_kind       UInt8 CODEC(ZSTD(1)),            -- 0 none, 1 counted, 2 ephemeral
    device            FixedString(16) CODEC(ZSTD(1)),
    -- What is counted by value. Several values of a column are several entries.
    `values.name`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `values.kind`     Array(UInt8) CODEC(ZSTD(1)),     -- the place in ColumnKind::ALL
    `values.is_open`  Array(UInt8) CODEC(ZSTD(1)),     -- whether several devices must tell it before it has a row
    `values.text`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    -- What is a histogram.
    `numbers.name`    Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `numbers.is_whole` Array(UInt8) CODEC(ZSTD(1)),
    `numbers.number`  Array(Float64) CODEC(ZSTD(1)),
    -- Times, in seconds since 1970-01-01 UTC; pseudonyms of sessions, turns and accounts.
    `times.name`      Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `times.seconds`   Array(Int64) CODEC(ZSTD(1)),
    `people.name`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `people.is_account` Array(UInt8) CODEC(ZSTD(1)),
    `people.pseudonym` Array(FixedString(16)) CODEC(ZSTD(1)),
    -- What no question counts, for exports.
    `others.name`     Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `others.kind`     Array(UInt8) CODEC(ZSTD(1)),
    `others.text`     Array(String) CODEC(ZSTD(1)),
    -- New events of a day lie in new parts, until these are merged.
    INDEX new_ones batch TYPE minmax GRANULARITY 1
) ENGINE = @replacing(rank)
PARTITION BY toMonday(day)
ORDER BY (product, day, id)
-- A sealed batch that is sent again, with the same token, is not inserted again: 10,000 batches are some
-- hours of a busy collector, and FINAL catches what comes later.
SETTINGS @window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
