-- Keeps the devices of the periods that have the day that is about to expire, unless they are kept already.
-- All their days must be counted: nothing may be new.
INSERT INTO kept_devices
SELECT {product:String}, period, start, version, is_all, least, uniqExact(device), uniqCombined64State(17)(device), now()
FROM (
    SELECT period, start, version, is_all, device, min(weight) AS least
    FROM (
        SELECT day, device, weight, at.1 AS period, at.2 AS start, one.1 AS version, one.2 AS is_all
        FROM (
            SELECT day, device, weight, version AS told,
                arrayJoin([('day', day), ('week', toMonday(day)), ('month', toStartOfMonth(day))]) AS at,
                arrayJoin([(toString(told), 0), ('', 1)]) AS one
            FROM (@include(present))
        )
    )
    WHERE start = multiIf(period = 'day', {day:Date}, period = 'week', toMonday({day:Date}), toStartOfMonth({day:Date}))
    GROUP BY period, start, version, is_all, device
)
WHERE (period, start) NOT IN (SELECT toString(period), start FROM kept_devices FINAL WHERE product = {product:String})
GROUP BY period, start, version, is_all, least
