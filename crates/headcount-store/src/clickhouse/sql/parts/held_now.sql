-- The generations that hold, of the asked days.
SELECT (toUInt16(day), arrayJoin(parts)) FROM counted FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
