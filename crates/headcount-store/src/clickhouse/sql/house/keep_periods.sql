-- Keeps the devices of the periods that have one of {days}, which are about to expire. Of a period that is kept
-- already, only the sketch grows. All days are counted: nothing is new.
INSERT INTO kept_devices
SELECT {product:String}, period, start, version, 0, is_all, weight,
    if(is_kept, max(old_devices), max(exact)) AS devices,
    if(is_kept, max(old_sketched), uniqCombined64Merge(17)(state)) AS sketched,
    uniqCombined64MergeState(17)(state), 0, {revision:UInt64}
FROM (
    SELECT period, start, version, is_all, least AS weight, toUInt64(0) AS old_devices, toUInt64(0) AS old_sketched,
        uniqExact(device) AS exact, uniqCombined64State(17)(device) AS state
    FROM (@include(present_by_period))
    GROUP BY period, start, version, is_all, weight
    UNION ALL
    SELECT toString(period), start, toString(version), is_all, weight, devices, sketched, 0, sketch
    FROM kept_devices FINAL
    WHERE product = {product:String} AND NOT is_gone AND NOT is_settled
        AND (toString(period), start) IN (@include(periods_of_days))
)
GROUP BY period, start, version, is_all, weight,
    (period, start) IN (SELECT toString(period), start FROM kept_devices WHERE product = {product:String}) AS is_kept
