-- The days with batches that no generation contains, and how many batches the next one contains. A day whose
-- raw events have expired is not counted anew: what comes for it is added to its generation.
SELECT b.product AS product, b.day AS day, count() AS batches
FROM (SELECT product, day, node, batch FROM batches FINAL) AS b
LEFT JOIN (SELECT product, first_raw FROM products FINAL) AS p ON b.product = p.product
WHERE b.batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, b.node)] AND b.day >= p.first_raw
GROUP BY product, day
HAVING (product, day, batches) NOT IN (SELECT product, day, contains FROM counted FINAL)
ORDER BY product, day
