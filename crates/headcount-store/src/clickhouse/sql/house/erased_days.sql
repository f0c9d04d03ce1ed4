-- The days that must be counted without a person: those that have cells of theirs.
SELECT DISTINCT day FROM erased_cells WHERE product = {product:String} AND generation = {generation:UInt64} ORDER BY day
