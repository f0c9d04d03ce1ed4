-- The devices of some days as they are, with those that have come since, as a generation.
INSERT INTO device_days
SELECT {product:String}, day, {generation:UInt64}, device, version, min(weight)
FROM (@include(present_and_new))
WHERE day IN {days:Array(Date)}
GROUP BY day, device, version
