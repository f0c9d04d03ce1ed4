-- embedded::rollups::expire::expire
DELETE FROM device_set WHERE product = ?1 AND day = ?2 AND version <> -3
