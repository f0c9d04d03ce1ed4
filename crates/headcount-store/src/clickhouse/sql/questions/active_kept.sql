-- Question::Active of a period of which a day has expired: what was kept, and, if devices came later, an
-- estimate: what was kept and the growth of the sketch. The weights are sums of their own, as in the
-- embedded store. The standard error of uniqCombined64(17) is about 0.4 %.
SELECT start, sum(weight * (kept + if(late > sketched, late - sketched, 0))) AS devices, max(late > sketched) = 0 AS is_exact
FROM (
    SELECT start, weight, max(devices) AS kept,
        finalizeAggregation(any(sketch)) AS sketched, uniqCombined64MergeState(17)(every) AS both,
        finalizeAggregation(both) AS late
    FROM (
        SELECT start, weight, devices, sketch, sketch AS every FROM kept_devices FINAL
        WHERE product = {product:String} AND period = {period:String} AND is_all = 1
            AND start BETWEEN {from:Date} AND {to:Date}
        UNION ALL
        SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
            weight, 0, NULL, uniqCombined64State(17)(device)
        FROM (@include(present))
        GROUP BY start, weight
    )
    GROUP BY start, weight
    HAVING kept > 0
)
GROUP BY start
ORDER BY start
