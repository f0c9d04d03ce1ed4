-- embedded::ask::ask
-- The days on which the event came, times the values it ever had: each pair is one look-up.
SELECT days.day, named.value, counts.count
FROM rollup_events AS days
CROSS JOIN counted_value AS named
CROSS JOIN rollup_property AS counts
WHERE days.product = ?1 AND days.day BETWEEN ?4 AND ?5 AND days.event = ?2
  AND named.product = ?1 AND named.event = ?2 AND named.property = ?3
  AND counts.day = days.day AND counts.value = named.number
ORDER BY days.day, named.value
