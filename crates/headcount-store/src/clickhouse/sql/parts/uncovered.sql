-- Of the asked days, which collectors have shipped batches that no generation of the day contains yet, and which
-- batch of theirs is the last that it contains. A collector asks this before a question, and hands the answer on.
SELECT b.day AS day, b.node AS node, c.batches[indexOf(c.nodes, b.node)] AS counted
FROM (SELECT day, node, max(batch) AS last FROM batches
      WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} GROUP BY day, node) AS b
LEFT JOIN (SELECT day, nodes, batches FROM counted FINAL
           WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}) AS c
ON b.day = c.day
WHERE b.last > counted
ORDER BY day, node
