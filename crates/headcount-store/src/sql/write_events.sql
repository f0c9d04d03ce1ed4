-- embedded::transaction::write
INSERT INTO rollup_events (product, day, event, count) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET count = count + excluded.count
