-- embedded::rollups::ask_devices::active
SELECT start, version, weight, devices, estimate, late, sketch FROM rollup_period
WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4 AND (version = -1) = ?5
