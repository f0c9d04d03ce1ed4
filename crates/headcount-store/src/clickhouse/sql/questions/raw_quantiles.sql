-- RawCount::Quantiles: as quantiles.sql does it, of raw events.
SELECT version, start, sum(count) AS numbers,
    quantilesExactWeighted(0.5, 0.9, 0.99)(middle, count) AS quantiles, sum(middle * count) AS total
FROM (
    SELECT version, middle, count,
        arrayJoin([NULL, multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day))]) AS start
    FROM (
        SELECT day, scope AS version, @include(middle) AS middle, sum(weight) AS count
        FROM (
            SELECT day, weight, scopes, arrayJoin(arrayFilter((number, name) -> name = {property:String},
                arrayZip(`numbers.number`, `numbers.is_whole`), `numbers.name`)) AS one, one.1 AS value, one.2 AS is_whole
            FROM (@include(raw_source))
            WHERE event = {event:String}
        )
        ARRAY JOIN scopes AS scope
        GROUP BY day, version, middle
    )
)
GROUP BY version, start
ORDER BY version, start NULLS FIRST
