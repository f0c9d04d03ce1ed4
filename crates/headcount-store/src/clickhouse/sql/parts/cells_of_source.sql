-- What the events of `source` add up to, as rows of `cells` without a generation.
--
-- The number that stands for a bucket is that of the embedded store, bit by bit: the exponent of a float and
-- the five bits after it are its bucket, and the middle of it stands for all numbers in it.
SELECT product, day, 'event' AS kind, event, version, failed,
    '' AS one, toUInt8(0) AS one_open, '' AS one_value, '' AS other, toUInt8(0) AS other_open, '' AS other_value,
    toFloat64(0) AS number, sum(weight) AS count
FROM source
GROUP BY product, day, event, version, failed
UNION ALL
SELECT product, day, 'value', event, version, failed,
    name, is_open, text, '', 0, '', 0, sum(weight)
FROM source
ARRAY JOIN `values.name` AS name, `values.is_open` AS is_open, `values.text` AS text
GROUP BY product, day, event, version, failed, name, is_open, text
UNION ALL
SELECT product, day, 'pair', event, version, failed,
    one, `values.is_open`[one_at], `values.text`[one_at], other, `values.is_open`[other_at], `values.text`[other_at],
    0, sum(weight)
FROM (
    SELECT s.product AS product, s.day AS day, s.event AS event, s.version AS version, s.failed AS failed,
        s.weight AS weight, s.`values.is_open` AS `values.is_open`, s.`values.text` AS `values.text`,
        p.one AS one, p.other AS other,
        arrayFirstIndex((name, kind) -> name = p.one AND kind = p.one_kind, s.`values.name`, s.`values.kind`) AS one_at,
        arrayFirstIndex((name, kind) -> name = p.other AND kind = p.other_kind, s.`values.name`, s.`values.kind`) AS other_at
    FROM source AS s
    INNER JOIN (SELECT * FROM pairs FINAL WHERE product = {product:String}) AS p ON s.event = p.event
)
WHERE one_at > 0 AND other_at > 0
GROUP BY product, day, event, version, failed, one, other,
    `values.is_open`[one_at], `values.text`[one_at], `values.is_open`[other_at], `values.text`[other_at]
UNION ALL
SELECT product, day, 'number', event, version, failed,
    name, 0, '', '', 0, '',
    multiIf(number < if(is_whole, 1, pow(2, -20)) OR isNaN(number), 0.,
            is_whole AND upper - lower <= 1, lower,
            lower + (upper - lower - is_whole) / 2) AS middle,
    sum(weight)
FROM (
    SELECT product, day, event, version, failed, weight, name, is_whole, number,
        bitShiftRight(reinterpretAsUInt64(number), 47) AS top,
        reinterpretAsFloat64(bitShiftLeft(top, 47)) AS lower,
        reinterpretAsFloat64(bitShiftLeft(top + 1, 47)) AS upper
    FROM source
    ARRAY JOIN `numbers.name` AS name, `numbers.is_whole` AS is_whole, `numbers.number` AS number
)
GROUP BY product, day, event, version, failed, name, middle
UNION ALL
SELECT product, day, 'mark', '', version, 0,
    period, 0, ['', '0', '1', '2-3', '4-7', '8+'][bitShiftRight(marks, 3) + 1] AS age, '', 0, '', 0, sum(weight)
FROM source
ARRAY JOIN arrayFilter((name, bit) -> bitTest(marks, bit), ['day', 'week', 'month'], [0, 1, 2]) AS period
WHERE marks != 0
GROUP BY product, day, version, period, age
