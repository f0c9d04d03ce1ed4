-- RawCount::Across. @ones and @others are parts/shown_values.sql of the two columns.
SELECT day, scope AS version, one, other, sum(weight) AS count
FROM (SELECT *, @ones AS ones, @others AS others FROM (@include(raw_source)) WHERE event = {event:String})
ARRAY JOIN scopes AS scope
ARRAY JOIN ones AS one
ARRAY JOIN others AS other
GROUP BY day, version, one, other
ORDER BY day, version, one, other
