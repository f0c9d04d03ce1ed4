-- What answers about a product are made of at one moment: of each day the generations that hold, the erasures whose kept
-- counts belong to it (above `settled`, up to `erased`), the collectors of which batches have come that are not counted,
-- each with the last one that is and the last one that has come, and, if there are any, the last counted batches of all
-- collectors. A collector asks this before its questions, and tells them: no count that is made meanwhile changes an
-- answer.
SELECT day, parts, settled, erased,
    arraySort(arrayMap(one -> (one.1, batches[indexOf(nodes, one.1)], one.2),
                       arrayFilter(one -> batches[indexOf(nodes, one.1)] < one.2, came))) AS new,
    if(empty(new), [], arrayFilter(one -> has(came.1, one.1), arrayZip(nodes, batches))) AS last_counted
FROM (SELECT day, groupArray((node, last)) AS came
      FROM (SELECT day, node, max(batch) AS last FROM last_batches WHERE product = {product:String} GROUP BY day, node)
      GROUP BY day) AS b
FULL JOIN (SELECT day, parts, settled, erased, nodes, batches FROM counted FINAL WHERE product = {product:String}) AS c
USING (day)
ORDER BY day
