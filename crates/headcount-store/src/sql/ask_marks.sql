-- embedded::ask::ask
SELECT start, age, devices FROM rollup_marks
WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4
ORDER BY start, age
