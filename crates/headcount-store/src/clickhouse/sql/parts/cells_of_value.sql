-- As cells_of_event.sql: the values of counted columns.
SELECT product, day, 'value' AS kind, event, version, toUInt8(1) AS version_open, failed,
    name AS one, is_open AS one_open, text AS one_value, '' AS other, toUInt8(0) AS other_open, '' AS other_value,
    toFloat64(0) AS number, sum(weight) AS count
FROM (@include(@source))
ARRAY JOIN `values.name` AS name, `values.is_open` AS is_open, `values.text` AS text
GROUP BY product, day, event, version, failed, name, is_open, text
