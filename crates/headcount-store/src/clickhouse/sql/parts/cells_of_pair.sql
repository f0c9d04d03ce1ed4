-- As cells_of_event.sql: the pairs of columns that catalogs name, each by its first value, and in the order of their
-- names: one version of a catalog may have a pair the other way round.
SELECT product, day, 'pair' AS kind, event, version, toUInt8(1) AS version_open, failed,
    one, `values.is_open`[one_at] AS one_open, `values.text`[one_at] AS one_value,
    other, `values.is_open`[other_at] AS other_open, `values.text`[other_at] AS other_value,
    toFloat64(0) AS number, sum(weight) AS count
FROM (
    SELECT s.product AS product, s.day AS day, s.event AS event, s.version AS version, s.failed AS failed,
        s.weight AS weight, s.`values.is_open` AS `values.is_open`, s.`values.text` AS `values.text`,
        p.one AS one, p.other AS other,
        arrayFirstIndex((name, kind) -> name = p.one AND kind = p.one_kind, s.`values.name`, s.`values.kind`) AS one_at,
        arrayFirstIndex((name, kind) -> name = p.other AND kind = p.other_kind, s.`values.name`, s.`values.kind`) AS other_at
    FROM (@include(@source)) AS s
    INNER JOIN (
        SELECT DISTINCT event, if(pairs.one > pairs.other, pairs.other, pairs.one) AS one,
            if(pairs.one > pairs.other, pairs.other_kind, pairs.one_kind) AS one_kind,
            if(pairs.one > pairs.other, pairs.one, pairs.other) AS other,
            if(pairs.one > pairs.other, pairs.one_kind, pairs.other_kind) AS other_kind
        FROM pairs
        WHERE product = {product:String}
    ) AS p ON s.event = p.event
)
WHERE one_at > 0 AND other_at > 0
GROUP BY product, day, event, version, failed, one, other, one_open, one_value, other_open, other_value
