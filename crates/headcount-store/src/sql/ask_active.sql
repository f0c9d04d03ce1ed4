-- embedded::ask::ask
SELECT day, devices FROM rollup_active
WHERE product = ?1 AND day BETWEEN ?2 AND ?3 AND devices > 0
ORDER BY day
