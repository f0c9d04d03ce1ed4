-- The days with batches that no generation contains, how many batches the next one contains, how many generations add
-- up to the day, and whether it is settled: a settled day is not counted anew, but what has come is added. If a batch
-- was listed after a later one of its collector, as a replica may tell, the day has no generations that could be
-- added to.
SELECT b.product AS product, b.day AS day, count() AS batches,
    if(batches = max(c.contains) + countIf(b.batch > c.batches[indexOf(c.nodes, b.node)]), max(length(c.parts)), 0) AS parts,
    max(c.settled) > 0 AS is_settled
FROM (SELECT product, day, node, batch FROM batches FINAL) AS b
LEFT JOIN (SELECT product, day, nodes, batches, contains, parts, settled FROM counted FINAL) AS c
ON b.product = c.product AND b.day = c.day
WHERE b.batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, b.node)]
GROUP BY product, day
HAVING batches != max(c.contains)
ORDER BY product, day
