-- embedded::sealing::tables::segments
SELECT number, product, day, schema, rows FROM sealed_segment WHERE counts = 1 ORDER BY number
