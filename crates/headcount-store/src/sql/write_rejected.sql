-- embedded::transaction::write_rejected
INSERT INTO rejected (product, day, path, kind, reason, catalog, program, count)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT DO UPDATE SET count = count + excluded.count
