-- embedded::transaction::write_marks
INSERT INTO rollup_marks (product, period, start, age, devices) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT DO UPDATE SET devices = devices + excluded.devices
