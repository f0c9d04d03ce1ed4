-- The hour by the server's clock, which is the same for every collector.
SELECT toUInt64(intDiv(toUnixTimestamp(now()), 3600))
