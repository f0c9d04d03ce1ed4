-- embedded::rollups::write_devices::write
INSERT INTO device_page (product, page, body) VALUES (?1, ?2, ?3)
ON CONFLICT (product, page) DO UPDATE SET body = excluded.body
