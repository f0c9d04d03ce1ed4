-- embedded::transaction::write
INSERT INTO counted_value (number, product, event, property, value) VALUES (?1, ?2, ?3, ?4, ?5)
