-- RawCount::Failures without a property.
SELECT day, scope AS version, '' AS value, sumIf(weight, failed = 2) AS failures, sumIf(weight, failed = 1) AS successes
FROM (@include(raw_source)) ARRAY JOIN scopes AS scope
WHERE event = {event:String} AND failed > 0
GROUP BY day, version
ORDER BY day, version
