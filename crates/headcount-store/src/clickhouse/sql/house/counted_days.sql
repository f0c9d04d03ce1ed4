-- Of some days: the collectors of which batches have come, the last batches of these that are counted, the generations,
-- the erasures whose kept counts belong to the day (above `settled`, up to `erased`), and the rank of the row.
SELECT day, came, arrayFilter(one -> has(came, one.1), arrayZip(nodes, batches)) AS last_counted, parts, settled, erased, rank
FROM (SELECT day, arraySort(groupUniqArray(node)) AS came FROM last_batches
      WHERE product = {product:String} AND day IN {days:Array(Date)} GROUP BY day) AS l
FULL JOIN (SELECT day, nodes, batches, parts, settled, erased, rank FROM counted FINAL
           WHERE product = {product:String} AND day IN {days:Array(Date)}) AS c
USING (day)
ORDER BY day
