-- What the page says of the store: of each product the newest day and how many batches no generation
-- contains yet; and which collectors have been heard of.
SELECT product, max(day) AS last, countIf(batch > last_counted) AS uncovered
FROM (
    SELECT b.product AS product, b.day AS day, b.batch AS batch, c.batches[indexOf(c.nodes, b.node)] AS last_counted
    FROM (SELECT product, day, node, batch FROM batches FINAL) AS b
    LEFT JOIN (SELECT product, day, nodes, batches FROM counted FINAL) AS c ON b.product = c.product AND b.day = c.day
)
GROUP BY product
ORDER BY product
