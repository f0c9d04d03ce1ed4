-- Question::Across: events of one name by day, version and two values. Cells have a pair in the order of its names.
SELECT day, if({scope:String} = 'each', shown, '') AS version,
    if({one:String} > {other:String}, second, first) AS one,
    if({one:String} > {other:String}, first, second) AS other, sum(count) AS count
FROM (
    SELECT day, count, @include(shown_version) AS shown,
        if(one_open = 1 AND (one, one_value) NOT IN (@include(has_row)), 'other', one_value) AS first,
        if(other_open = 1 AND (other, other_value) NOT IN (@include(has_row)), 'other', other_value) AS second
    FROM (@include(@cells:pair))
    WHERE event = {event:String}
        AND one = if({one:String} > {other:String}, {other:String}, {one:String})
        AND other = if({one:String} > {other:String}, {one:String}, {other:String})
)
WHERE {scope:String} != 'only' OR shown = {only:String}
GROUP BY day, version, one, other
ORDER BY day, version, one, other
