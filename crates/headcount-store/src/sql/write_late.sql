-- embedded::rollups::write_devices::write
UPDATE rollup_period SET late = 1 WHERE product = ?1 AND period = ?2 AND start = ?3
