-- The hour or the minute by the server's clock, which is the same for every collector. No minute has the number of an
-- hour: hours are below a million for a century, and minutes above 29 million.
SELECT toUInt64(intDiv(toUnixTimestamp(now()), {seconds:UInt64}))
