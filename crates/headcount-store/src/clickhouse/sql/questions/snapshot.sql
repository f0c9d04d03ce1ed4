-- What answers about a product are made of at one moment: of each day the generation that holds, 0 if none does,
-- up to which one it has what was erased, and the collectors of which batches have come that it does not contain,
-- each with the last batch that it does. A collector asks this before its questions, and tells them: no count
-- that is made meanwhile changes an answer.
SELECT day, generation, settled,
    arraySort(arrayFilter(one -> one.2 < one.3, arrayMap(one -> (one.1, batches[indexOf(nodes, one.1)], one.2), came))) AS new
FROM (SELECT day, groupArray((node, last)) AS came
      FROM (SELECT day, node, max(batch) AS last FROM batches WHERE product = {product:String} GROUP BY day, node)
      GROUP BY day) AS b
FULL JOIN (SELECT day, generation, settled, nodes, batches FROM counted FINAL WHERE product = {product:String}) AS c
USING (day)
ORDER BY day
