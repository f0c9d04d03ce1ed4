-- Question::Failures by the values of a property.
SELECT day, if({scope:String} = 'each', shown, '') AS version, value,
    sumIf(count, failed = 2) AS failures, sumIf(count, failed = 1) AS successes
FROM (
    SELECT day, failed, count, @include(shown_version) AS shown,
        if(one_open = 1 AND (one, one_value) NOT IN (@include(has_row)), 'other', one_value) AS value
    FROM (@include(@cells:value))
    WHERE event = {event:String} AND one = {property:String} AND failed > 0
)
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version, value
ORDER BY day, version, value
