-- RawCount::Failures by the values of a property. @column is the property.
SELECT day, scope AS version, value, sumIf(weight, failed = 2) AS failures, sumIf(weight, failed = 1) AS successes
FROM (SELECT *, @include(shown_values) AS shown FROM (@include(raw_source)) WHERE event = {event:String} AND failed > 0)
ARRAY JOIN scopes AS scope
ARRAY JOIN shown AS value
GROUP BY day, version, value
ORDER BY day, version, value
