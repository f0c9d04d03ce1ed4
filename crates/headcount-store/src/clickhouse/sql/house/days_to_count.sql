-- The days with batches that no generation contains, how many batches the next one contains, and whether the day is
-- settled: it is not counted anew then, but what has come is added.
SELECT b.product AS product, b.day AS day, count() AS batches, max(c.settled) > 0 AS is_settled
FROM (SELECT product, day, node, batch FROM batches FINAL) AS b
LEFT JOIN (SELECT product, day, contains, settled FROM counted FINAL) AS c ON b.product = c.product AND b.day = c.day
WHERE b.batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, b.node)]
GROUP BY product, day
HAVING batches != max(c.contains)
ORDER BY product, day
