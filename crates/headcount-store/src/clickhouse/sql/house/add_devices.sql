-- The devices of the events of add_cells.sql.
INSERT INTO device_days
SELECT {product:String}, day, {generation:UInt64}, device, version, min(weight)
FROM (@include(@source)) WHERE device_kind = 1
GROUP BY day, device, version
