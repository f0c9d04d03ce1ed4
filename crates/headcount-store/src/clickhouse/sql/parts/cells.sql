-- Everything of one kind that counts of the asked days: the generations that hold, and what erased events had
-- added. cells_and_new.sql adds what has come since; a collector that finds no new batch leaves it out.
SELECT day, kind, event, version, version_open, failed, one, one_open, one_value, other, other_open, other_value, number, count
FROM cells
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = '@kind'
    AND (toUInt16(day), generation) IN (@include(@held))
UNION ALL
SELECT e.day, e.kind, e.event, e.version, e.version_open, e.failed, e.one, e.one_open, e.one_value, e.other, e.other_open,
    e.other_value, e.number, e.count
FROM (SELECT * FROM erased_cells FINAL
      WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND kind = '@kind') AS e
INNER JOIN (@include(@bounds)) AS c
ON e.day = c.day
WHERE e.generation > c.settled AND e.generation <= c.erased
