-- embedded::rollups::ask_devices::active
SELECT start, version, sum(devices) FROM rollup_marks
WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4
GROUP BY start, version
