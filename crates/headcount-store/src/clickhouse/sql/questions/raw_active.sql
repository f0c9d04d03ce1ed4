-- RawCount::Active: {from} and {to} are whole periods.
SELECT start, version, sum(devices) AS devices
FROM (
    SELECT start, version, sum(least) AS devices
    FROM (
        SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
            scope AS version, device, min(weight) AS least
        FROM (@include(raw_source)) ARRAY JOIN scopes AS scope
        WHERE device_kind = 1
        GROUP BY start, version, device
    )
    GROUP BY start, version
    UNION ALL
    SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
        scope AS version, sum(weight)
    FROM (@include(raw_source)) ARRAY JOIN scopes AS scope
    WHERE bitTest(marks, multiIf({period:String} = 'day', 0, {period:String} = 'week', 1, 2))
    GROUP BY start, version
)
GROUP BY start, version
ORDER BY start, version
