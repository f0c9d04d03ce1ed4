-- Question::Rejected: rejected events and dropped properties by where and why. The days are of arrival.
SELECT path, kind, reason, catalog, program, sum(rejected.count) AS count
FROM rejected FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date} 
GROUP BY path, kind, reason, catalog, program
HAVING count > 0
ORDER BY path, kind, reason, catalog, program
