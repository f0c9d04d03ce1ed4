-- The devices of a day, of the same batches as count_cells.sql.
INSERT INTO device_days
SELECT product, day, {generation:UInt64}, device, version, min(weight)
FROM (
    SELECT product, day, device, version, weight, device_kind FROM events FINAL
    PREWHERE product = {product:String} AND day = {day:Date}
        AND 18446744073709551615 - rank <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
)
WHERE device_kind = 1
GROUP BY product, day, device, version
