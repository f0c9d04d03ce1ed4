-- RawCount::Quantiles.
SELECT version, start, sum(count) AS numbers,
    quantilesExactWeighted(0.5, 0.9, 0.99)(middle, count) AS quantiles, sum(middle * count) AS total
FROM (
    SELECT scope AS version,
        arrayJoin([NULL, multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day))]) AS start,
        multiIf(number < if(is_whole, 1, pow(2, -20)) OR isNaN(number), 0.,
                is_whole AND upper - lower <= 1, lower,
                lower + (upper - lower - is_whole) / 2) AS middle,
        sum(weight) AS count
    FROM (
        SELECT day, weight, scopes, is_whole, number,
            bitShiftRight(reinterpretAsUInt64(number), 47) AS top,
            reinterpretAsFloat64(bitShiftLeft(top, 47)) AS lower,
            reinterpretAsFloat64(bitShiftLeft(top + 1, 47)) AS upper
        FROM (@include(raw_source))
        ARRAY JOIN `numbers.name` AS name, `numbers.is_whole` AS is_whole, `numbers.number` AS number
        WHERE event = {event:String} AND name = {property:String}
    )
    ARRAY JOIN scopes AS scope
    GROUP BY version, start, middle
)
GROUP BY version, start
ORDER BY version, start NULLS FIRST
