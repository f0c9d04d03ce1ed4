-- The days with batches that no generation contains, each with what its next generation has to contain.
SELECT product, day, groupArray(node) AS nodes, groupArray(last) AS lasts, sum(batches) AS contains
FROM (
    SELECT product, day, node, max(batch) AS last, count() AS batches
    FROM batches FINAL
    GROUP BY product, day, node
)
GROUP BY product, day
HAVING (product, day, contains) NOT IN (SELECT product, day, contains FROM counted FINAL)
ORDER BY product, day
