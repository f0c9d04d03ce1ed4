-- The devices of fold_cells.sql, and of days that are settled and live.
INSERT INTO device_days
SELECT {product:String}, day, {generation:UInt64}, device, version, min(weight)
FROM (
    SELECT day, device, version, weight FROM device_days
    WHERE product = {product:String} AND day IN {days:Array(Date)}
        AND (toUInt16(day), generation) IN {folded:Array(Tuple(UInt16, UInt64))}
    UNION ALL
    SELECT day, device, version, weight FROM (@include(@source)) WHERE device_kind = 1
)
GROUP BY day, device, version
