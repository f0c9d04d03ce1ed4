-- The devices of the periods that have one of {days}: by version, and all together, each by its smallest weight.
SELECT period, start, version, is_all, device, min(weight) AS least
FROM (
    SELECT device, weight, at.1 AS period, at.2 AS start, one.1 AS version, one.2 AS is_all
    FROM (
        SELECT device, weight,
            arrayJoin([('day', day), ('week', toMonday(day)), ('month', toStartOfMonth(day))]) AS at,
            arrayJoin([(toString(version), 0), ('', 1)]) AS one
        FROM (@include(@present))
    )
)
WHERE (period, start) IN (@include(periods_of_days))
GROUP BY period, start, version, is_all, device
