-- What the events of `source` add up to, as rows of `cells` without a generation: the events themselves.
SELECT product, day, 'event' AS kind, event, version, toUInt8(1) AS version_open, failed,
    '' AS one, toUInt8(0) AS one_open, '' AS one_value, '' AS other, toUInt8(0) AS other_open, '' AS other_value,
    toFloat64(0) AS number, sum(weight) AS count
FROM (@include(@source))
GROUP BY product, day, event, version, failed
