-- embedded::rollups::write_devices::write_set
INSERT INTO device_set (product, day, version, weight, piece, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
