-- embedded::sealing::tables::segments_of
SELECT number, product, day, schema, rows FROM sealed_segment
WHERE product = ?1 AND day BETWEEN ?2 AND ?3 AND counts = 1
ORDER BY day, number
