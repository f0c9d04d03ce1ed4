-- embedded::rollups::write_values::write_marks
INSERT INTO rollup_marks (product, period, start, age, version, devices) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (product, period, start, age, version) DO UPDATE SET devices = devices + excluded.devices
