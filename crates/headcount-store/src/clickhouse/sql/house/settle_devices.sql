-- The devices of some days as they are, with those that have come since, as a generation.
INSERT INTO device_days
SELECT {product:String}, day, {generation:UInt64}, device, version, min(weight)
FROM (
    SELECT day, device, version, weight FROM (@include(present)) WHERE day IN {days:Array(Date)}
    UNION ALL
    SELECT day, device, version, weight FROM (@include(@source)) WHERE device_kind = 1 AND day IN {days:Array(Date)}
)
GROUP BY day, device, version
