-- The events of the asked days that no generation contains yet. What PREWHERE leaves out is left out before
-- FINAL looks for copies: so these are new among themselves, and then those go that an older batch has.
-- Partitions are chosen by WHERE alone.
SELECT *
FROM events FINAL
PREWHERE (day, node, 18446744073709551615 - rank) IN {new_batches:Array(Tuple(Date, UInt32, UInt64))}
WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND (day, id) NOT IN (
    SELECT day, id FROM events
    WHERE product = {product:String} AND day IN {new_days:Array(Date)}
        AND (day, node, 18446744073709551615 - rank) NOT IN {new_batches:Array(Tuple(Date, UInt32, UInt64))}
        AND id IN (SELECT id FROM events
                   WHERE product = {product:String} AND day IN {new_days:Array(Date)}
                       AND (day, node, 18446744073709551615 - rank) IN {new_batches:Array(Tuple(Date, UInt32, UInt64))}))
