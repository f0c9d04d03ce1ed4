-- The weeks that have something of days before {first}: whether raw events, and whether devices.
SELECT toMonday(day) AS week, max(is_event), max(NOT is_event) FROM (
    SELECT day, 1 AS is_event FROM events WHERE product = {product:String} AND day < {first:Date}
    UNION ALL
    SELECT day, 0 FROM device_days WHERE product = {product:String} AND day < {first:Date} AND generation < {generation:UInt64}
)
GROUP BY week ORDER BY week
