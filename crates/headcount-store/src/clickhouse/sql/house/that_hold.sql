-- The days whose row is of {generation}.
SELECT day FROM counted FINAL
WHERE product = {product:String} AND day IN {days:Array(Date)} AND generation = {generation:UInt64}
