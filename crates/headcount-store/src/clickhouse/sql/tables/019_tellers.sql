-- table: tellers
-- everywhere
--
-- Who has told a value that has no row yet, if the events that say so were erased because of an account: the device
-- itself was not, and still counts. Rows go with the window, with the device, and when the value has its row.
CREATE TABLE IF NOT EXISTS @table @on_cluster (
    product     LowCardinality(String),
    `column`    LowCardinality(String),
    text        String,
    device_kind UInt8,
    device      FixedString(16) CODEC(ZSTD(1)),
    day         Date,
    arrival     UInt64,                    -- of the event, in nanoseconds of the server
    times       UInt64,                    -- devices without an id, which are told by their events
    number      UInt64                     -- of the erasure
) ENGINE = @replacing()
ORDER BY (product, `column`, text, device_kind, device, day, arrival, number)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
