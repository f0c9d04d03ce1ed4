-- The batches of the asked days that no generation of their day contains yet. A collector asks this before a
-- question, and hands the answer on as {new_batches}.
SELECT b.day, b.node, b.batch
FROM (SELECT day, node, batch FROM batches FINAL
      WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}) AS b
LEFT JOIN (SELECT day, nodes, batches FROM counted FINAL
           WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}) AS c
ON b.day = c.day
WHERE b.batch > c.batches[indexOf(c.nodes, b.node)]
ORDER BY b.day, b.node, b.batch
