-- embedded::ask::ask
SELECT day, event, count FROM rollup_events
WHERE product = ?1 AND day BETWEEN ?2 AND ?3
ORDER BY day, event
