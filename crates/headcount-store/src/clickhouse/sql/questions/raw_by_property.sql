-- RawCount::ByProperty. @column is the property.
SELECT day, scope AS version, value, sum(weight) AS count
FROM (SELECT *, @include(shown_values) AS shown FROM (@include(raw_source)) WHERE event = {event:String})
ARRAY JOIN scopes AS scope
ARRAY JOIN shown AS value
GROUP BY day, version, value
ORDER BY day, version, value
