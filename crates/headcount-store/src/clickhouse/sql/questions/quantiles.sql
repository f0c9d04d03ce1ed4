-- Question::Quantiles: of the histogram of a column, by version and period, with all days together first.
-- quantilesExactWeighted takes the nearest rank, as the embedded store does.
SELECT version, start, sum(count) AS numbers,
    quantilesExactWeighted(0.5, 0.9, 0.99)(number, count) AS quantiles, sum(number * count) AS total
FROM (
    SELECT if({scope:String} = 'each', shown, '') AS version, number, count,
        arrayJoin([NULL, multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day))]) AS start
    FROM (SELECT day, number, count, @include(shown_version) AS shown
          FROM (@include(@cells:number)) WHERE event = {event:String} AND one = {property:String})
    WHERE {scope:String} != 'only' OR shown = {only:String}
)
GROUP BY version, start
ORDER BY version, start NULLS FIRST
