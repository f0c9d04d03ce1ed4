-- embedded::transaction::write
INSERT INTO block (product, day, rows, body) VALUES (?1, ?2, ?3, ?4)
