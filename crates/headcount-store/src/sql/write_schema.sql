-- embedded::schemas::Schemas::number
INSERT INTO schema (number, product, body) VALUES (?1, ?2, ?3)
