-- Question::Marks: marks of devices without an id, by period and age. {from} and {to} are whole periods.
SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
    one_value AS age, sum(count) AS devices
FROM (@include(@cells:mark))
WHERE one = {period:String}
GROUP BY start, age
ORDER BY start, age
