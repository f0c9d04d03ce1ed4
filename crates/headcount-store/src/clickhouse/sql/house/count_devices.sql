-- The devices of some days, of the same batches as count_cells.sql.
INSERT INTO device_days
SELECT product, day, {generation:UInt64}, device, version, min(weight)
FROM (@include(covered_events))
WHERE device_kind = 1
GROUP BY product, day, device, version
