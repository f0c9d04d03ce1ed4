-- embedded::sealing::tables::add_gone
INSERT INTO gone_events (product, why, count) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET count = count + excluded.count
