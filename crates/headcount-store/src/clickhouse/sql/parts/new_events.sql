-- The events of the asked days that no generation contains yet. What PREWHERE leaves out is left out before
-- FINAL looks for copies: so these are new among themselves, and then those go that an older batch has.
SELECT *
FROM events FINAL
PREWHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
    AND (day, node, 18446744073709551615 - rank) IN (@include(uncovered))
WHERE (day, id) NOT IN (
    SELECT day, id FROM events
    WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
        AND id IN (SELECT id FROM events
                   WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
                       AND (day, node, 18446744073709551615 - rank) IN (@include(uncovered)))
        AND (day, node, 18446744073709551615 - rank) NOT IN (@include(uncovered)))
