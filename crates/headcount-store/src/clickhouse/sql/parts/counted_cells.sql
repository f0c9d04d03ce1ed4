-- What the generations of some days have, as {folded} names them. What was erased stays aside.
SELECT day, toString(kind) AS kind, event, version, version_open, failed, one, one_open, one_value, other, other_open,
    other_value, number, count
FROM cells
WHERE product = {product:String} AND day IN {days:Array(Date)}
    AND (toUInt16(day), generation) IN {folded:Array(Tuple(UInt16, UInt64))}
