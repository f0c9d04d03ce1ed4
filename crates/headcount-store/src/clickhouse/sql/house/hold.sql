-- From now on, generations hold, of some days. {days_held} are days with the number of batches that is contained, up to
-- which erasure events were gone when they were counted, and the generations that add up to the day.
INSERT INTO counted
SELECT {product:String}, day.1, {generation:UInt64}, {nodes:Array(UInt32)}, {lasts:Array(UInt64)}, day.2, day.4, day.3,
    {settled:UInt64}, {generation:UInt64} + if({settled:UInt64} > 0, bitShiftLeft(toUInt64(1), 63), 0)
FROM (SELECT arrayJoin({days_held:Array(Tuple(Date, UInt64, UInt64, Array(UInt64)))}) AS day)
