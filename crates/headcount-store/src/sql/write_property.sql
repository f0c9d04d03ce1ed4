-- embedded::transaction::write
INSERT INTO rollup_property (day, value, count) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET count = count + excluded.count
