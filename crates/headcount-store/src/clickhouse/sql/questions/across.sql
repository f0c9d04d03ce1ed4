-- Question::Across: events of one name by day, version and two values. The pair has the catalog's order;
-- {is_turned} is 1 if it was asked for in the other one.
SELECT day, if({scope:String} = 'each', shown, '') AS version,
    if({is_turned:UInt8}, second, first) AS one, if({is_turned:UInt8}, first, second) AS other, sum(count) AS count
FROM (
    SELECT day, count, @include(shown_version) AS shown,
        if(one_open AND (one, one_value) NOT IN (@include(has_row)), 'other', one_value) AS first,
        if(other_open AND (other, other_value) NOT IN (@include(has_row)), 'other', other_value) AS second
    FROM (@include(@cells:pair))
    WHERE event = {event:String} AND one = {one:String} AND other = {other:String}
)
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version, one, other
ORDER BY day, version, one, other
