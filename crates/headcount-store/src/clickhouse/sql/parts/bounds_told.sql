-- Of each day, the erasures whose kept counts belong to it, as the snapshot says: above `settled`, up to `erased`.
SELECT one.1 AS day, one.2 AS settled, one.3 AS erased
FROM (SELECT arrayJoin({bounds:Array(Tuple(Date, UInt64, UInt64))}) AS one)
