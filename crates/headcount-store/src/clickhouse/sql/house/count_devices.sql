-- The devices of some days, of the same batches as count_cells.sql, and those that were there already: their events
-- may have been erased because of an account, and a device that was erased itself is in no generation.
INSERT INTO device_days
SELECT {product:String}, day, {generation:UInt64}, device, version, min(weight)
FROM (
    SELECT day, device, version, weight FROM (@include(covered_events)) WHERE device_kind = 1
    UNION ALL
    SELECT day, device, version, weight FROM (@include(present)) WHERE day IN {days:Array(Date)}
)
GROUP BY day, device, version
