-- embedded::sealing::tables::begin_segment
INSERT INTO sealed_segment (product, day, schema, rows, counts) VALUES (?1, ?2, ?3, 0, 0)
