-- What a folder has brought of some days: the events, and a sum over all of them that says whether they are the
-- same. An event that was sent twice is one, whichever collector's copy stays.
SELECT day, count() AS rows, sum(reinterpretAsUInt64(substring(id, 9, 8)) * 3 + content) AS sum
FROM (SELECT DISTINCT day, id, content FROM events
      WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND node = {node:UInt32})
GROUP BY day
ORDER BY day
