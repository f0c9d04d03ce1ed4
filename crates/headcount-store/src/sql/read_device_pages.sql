-- embedded::rollups::read::read_devices
SELECT page, body FROM device_page WHERE product = ?1 ORDER BY page
