-- The generations that hold, of the asked days.
SELECT day, generation, settled FROM counted FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
