-- Question::Active of periods of which a day has expired: what was kept, and, if devices came later, as many
-- as the sketch has grown by. Each version and weight is a sum of its own, as in the embedded
-- store: of several versions without a row, a device counts once for each.
SELECT start, version, sum(weight * (kept + if(grown > sketched, grown - sketched, 0))) AS devices,
    max(grown > sketched) = 0 AND uniqExact(told, version_open) = 1 AND max(version_open = 2 AND told = 'other') = 0 AS is_exact
FROM (
    SELECT start, weight, told, version_open, if({scope:String} = 'each', shown, '') AS version,
        max(devices) AS kept, max(sketched_then) AS sketched, uniqCombined64Merge(17)(sketch) AS grown
    FROM (
        SELECT start, weight, version AS told, version_open, @include(shown_version) AS shown, devices,
            sketched AS sketched_then, sketch
        FROM (SELECT *, is_settled + 1 AS version_open FROM kept_devices FINAL
              WHERE product = {product:String} AND period = {period:String} AND NOT is_gone)
        WHERE is_all = ({scope:String} = 'all') AND start BETWEEN {from:Date} AND {to:Date}
        UNION ALL
        SELECT start, weight, told AS version, 1 AS version_open, @include(shown_version), toUInt64(0), toUInt64(0),
            uniqCombined64State(17)(device)
        FROM (
            SELECT multiIf({period:String} = 'day', day, {period:String} = 'week', toMonday(day), toStartOfMonth(day)) AS start,
                if({scope:String} = 'all', '', version) AS told, device, min(weight) AS weight
            FROM (SELECT day, device, version, weight FROM (@include(@present)))
            GROUP BY start, told, device
        )
        GROUP BY start, weight, version
    )
    WHERE start IN (SELECT start FROM kept_devices WHERE product = {product:String} AND period = {period:String})
        AND ({scope:String} != 'only' OR shown = {only:String})
    GROUP BY start, weight, told, version_open, version
)
GROUP BY start, version
ORDER BY start, version
