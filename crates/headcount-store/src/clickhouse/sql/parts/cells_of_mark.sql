-- As cells_of_event.sql: the marks of devices without an id, by period and age.
SELECT product, day, 'mark' AS kind, '' AS event, version, toUInt8(1) AS version_open, toUInt8(0) AS failed,
    period AS one, toUInt8(0) AS one_open, ['', '0', '1', '2-3', '4-7', '8+'][bitShiftRight(marks, 3) + 1] AS one_value,
    '' AS other, toUInt8(0) AS other_open, '' AS other_value, toFloat64(0) AS number, sum(weight) AS count
FROM (@include(@source))
ARRAY JOIN arrayFilter((name, bit) -> bitTest(marks, bit), ['day', 'week', 'month'], [0, 1, 2]) AS period
WHERE marks != 0
GROUP BY product, day, version, period, one_value
