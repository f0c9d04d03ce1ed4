-- embedded::transaction::write
INSERT INTO rollup_active (product, day, devices) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET devices = devices + excluded.devices
