-- The days with batches that no generation contains, and how many batches the next one contains.
SELECT product, day, count() AS batches
FROM batches FINAL
WHERE batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
GROUP BY product, day
HAVING (product, day, batches) NOT IN (SELECT product, day, contains FROM counted FINAL)
ORDER BY product, day
