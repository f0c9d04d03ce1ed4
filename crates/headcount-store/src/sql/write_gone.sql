-- embedded::sealing::tables::add_gone
INSERT INTO gone_events (product, why, day, count) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET count = count + excluded.count
