-- embedded::ask::ask
-- A product that gave up its ids has days of both kinds.
SELECT start, sum(devices) FROM (
    SELECT start, devices FROM rollup_devices
    WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4
    UNION ALL
    SELECT start, devices FROM rollup_marks
    WHERE product = ?1 AND period = ?2 AND start BETWEEN ?3 AND ?4
)
GROUP BY start HAVING sum(devices) > 0 ORDER BY start
