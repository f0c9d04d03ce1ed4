-- RawCount::Events.
SELECT day, scope AS version, event, sum(weight) AS count
FROM (@include(raw_source)) ARRAY JOIN scopes AS scope
GROUP BY day, version, event
ORDER BY day, version, event
