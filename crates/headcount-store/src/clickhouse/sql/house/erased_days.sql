-- The days that must be counted without a person: those that have cells of theirs, and are not settled.
SELECT DISTINCT day FROM erased_cells
WHERE product = {product:String} AND generation = {generation:UInt64}
    AND day NOT IN (SELECT day FROM counted FINAL WHERE product = {product:String} AND settled > 0)
ORDER BY day
