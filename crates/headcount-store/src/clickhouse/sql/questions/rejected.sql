-- Question::Rejected: rejected events and dropped properties by where and why. The days are of arrival.
SELECT path, kind, reason, catalog, program, sum(count) AS count
FROM rejected FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} AND count > 0
GROUP BY path, kind, reason, catalog, program
ORDER BY path, kind, reason, catalog, program
