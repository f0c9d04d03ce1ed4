-- Takes what was rejected on days before {first_count} away again: collectors go on to send their whole sums.
INSERT INTO rejected
SELECT {product:String}, day, path, kind, reason, catalog, program, 0, {revision:UInt64}, -sum(rejected.count)
FROM rejected FINAL
WHERE product = {product:String} AND day < {first_count:Date} AND node > 0
GROUP BY day, path, kind, reason, catalog, program
