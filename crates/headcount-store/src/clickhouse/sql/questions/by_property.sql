-- Question::ByProperty: events of one name by day, version and value.
SELECT day, if({scope:String} = 'each', shown, '') AS version, value, sum(count) AS count
FROM (
    SELECT day, count, @include(shown_version) AS shown,
        if(one_open = 1 AND (one, one_value) NOT IN (@include(has_row)), 'other', one_value) AS value
    FROM (@include(@cells:value))
    WHERE event = {event:String} AND one = {property:String}
)
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version, value
ORDER BY day, version, value
