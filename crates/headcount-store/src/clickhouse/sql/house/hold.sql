-- From now on, a generation holds, of some days: each with the number of batches that it contains.
INSERT INTO counted
SELECT {product:String}, day.1, {generation:UInt64}, {nodes:Array(UInt32)}, {lasts:Array(UInt64)}, day.2, {settled:UInt64}
FROM (SELECT arrayJoin({contains:Array(Tuple(Date, UInt64))}) AS day)
