-- As cells_of_event.sql: the numbers of histograms, by the number that stands for their bucket.
SELECT product, day, 'number' AS kind, event, version, toUInt8(1) AS version_open, failed,
    name AS one, toUInt8(0) AS one_open, '' AS one_value, '' AS other, toUInt8(0) AS other_open, '' AS other_value,
    @include(middle) AS number, sum(weight) AS count
FROM (@include(@source))
ARRAY JOIN `numbers.name` AS name, `numbers.is_whole` AS is_whole, `numbers.number` AS value
GROUP BY product, day, event, version, failed, name, number
