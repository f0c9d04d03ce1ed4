-- embedded::rollups::write_devices::write_set
DELETE FROM device_set WHERE product = ?1 AND day = ?2 AND version = ?3 AND weight = ?4
