-- The days with batches that no generation contains, how many generations add up to the day, and whether it is settled: a settled day is not counted anew, but what has come is added. No generation
-- is added to, and the day is counted whole, if more events are new than counted, or if a batch was listed after a
-- later one of its collector, as a replica may tell.
WITH new_days AS (
    SELECT DISTINCT l.product, l.day
    FROM (SELECT product, day, node, max(batch) AS last FROM last_batches GROUP BY product, day, node) AS l
    LEFT JOIN (SELECT product, day, nodes, batches FROM counted FINAL) AS c ON l.product = c.product AND l.day = c.day
    WHERE least(l.last, {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, l.node)]) > c.batches[indexOf(c.nodes, l.node)]
)
SELECT product, day,
    if(count() = max(contains) + countIf(is_new) AND sumIf(rows, is_new) <= sumIf(rows, NOT is_new), max(counted_parts), 0) AS parts,
    max(settled) > 0 AS is_settled
FROM (
    SELECT b.product AS product, b.day AS day, b.rows AS rows, c.contains AS contains, length(c.parts) AS counted_parts,
        c.settled AS settled, b.batch > c.batches[indexOf(c.nodes, b.node)] AS is_new
    FROM (SELECT product, day, node, batch, rows FROM batches FINAL WHERE (product, day) IN (SELECT * FROM new_days)) AS b
    LEFT JOIN (SELECT product, day, nodes, batches, contains, parts, settled FROM counted FINAL) AS c
    ON b.product = c.product AND b.day = c.day
    WHERE b.batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, b.node)]
)
GROUP BY product, day
HAVING count() != max(contains)
ORDER BY product, day
