-- embedded::transaction::write_block
INSERT INTO block (number, product, day, schema, rows, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
