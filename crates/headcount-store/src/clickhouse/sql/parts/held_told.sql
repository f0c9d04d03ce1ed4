-- The generations that an answer is made of, as the snapshot says.
SELECT one.1 AS day, one.2 AS generation, one.3 AS settled
FROM (SELECT arrayJoin({held:Array(Tuple(Date, UInt64, UInt64))}) AS one)
