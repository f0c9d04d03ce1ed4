-- How many raw events each of the asked days has, copies included, the last day first: a question that has too many
-- is not counted. It reads no column.
SELECT day, count() AS rows FROM events
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
GROUP BY day
ORDER BY day DESC
