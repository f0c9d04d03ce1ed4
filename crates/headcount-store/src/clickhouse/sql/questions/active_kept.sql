-- Question::Active of all versions together, of a period of which a day has expired: what was kept, and, if
-- devices came later, an estimate: what was kept and the growth of the sketch. Each weight is a sum of its
-- own, as in the embedded store. The standard error of uniqCombined64(17) is about 0.4 %.
SELECT start, sum(weight * (kept + if(grown > sketched, grown - sketched, 0))) AS devices,
    max(grown > sketched) = 0 AS is_exact
FROM (
    SELECT start, weight, max(devices) AS kept,
        uniqCombined64MergeIf(17)(sketch, is_kept = 1) AS sketched, uniqCombined64Merge(17)(sketch) AS grown
    FROM (
        SELECT start, weight, devices, sketch, 1 AS is_kept FROM kept_devices FINAL
        WHERE product = {product:String} AND period = {period:String} AND is_all = 1
            AND start BETWEEN {from:Date} AND {to:Date}
        UNION ALL
        SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
            weight, toUInt64(0), uniqCombined64State(17)(device), 0
        FROM (@include(@present))
        GROUP BY start, weight
    )
    GROUP BY start, weight
    HAVING max(is_kept) = 1
)
GROUP BY start
ORDER BY start
