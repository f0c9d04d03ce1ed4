-- embedded::rollups::ask_devices::marks
SELECT start, age, sum(devices) FROM rollup_marks
WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4
GROUP BY start, age ORDER BY start, age
