-- Of each day, after which erasure and up to which one, what was erased counts, as the snapshot says.
SELECT one.1 AS day, one.2 AS settled, one.3 AS erased
FROM (SELECT arrayJoin({bounds:Array(Tuple(Date, UInt64, UInt64))}) AS one)
