-- embedded::transaction::write_devices
INSERT INTO rollup_devices (product, period, start, devices) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET devices = devices + excluded.devices
