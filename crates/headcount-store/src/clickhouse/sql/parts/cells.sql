-- Everything that counts of the asked days: the generations that hold, what erased events had added, and what
-- has come since.
SELECT day, kind, event, version, failed, one, one_open, one_value, other, other_open, other_value, number, count
FROM cells
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = @kind
    AND (day, generation) IN (SELECT day, generation FROM counted FINAL
                              WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date})
UNION ALL
SELECT day, kind, event, version, failed, one, one_open, one_value, other, other_open, other_value, number, count
FROM erased_cells FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = @kind
UNION ALL
SELECT day, kind, event, version, failed, one, one_open, one_value, other, other_open, other_value, number, count
FROM (WITH source AS (@include(new_events)) @include(cells_of_source))
WHERE kind = @kind
