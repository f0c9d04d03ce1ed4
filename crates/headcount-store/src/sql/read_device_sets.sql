-- embedded::rollups::read::read_devices
SELECT day, version, weight, body FROM device_set WHERE product = ?1
