-- embedded::transaction::write
INSERT INTO outcome (product, outcome, reason, count) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET count = count + excluded.count
