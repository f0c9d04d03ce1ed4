-- Keeps who has told the values of an account's events: the devices are not erased. Its name has `erase`, so that its
-- source are the person's events.
INSERT INTO tellers
SELECT {product:String}, name, text, device_kind, device, day, arrival, count(), {generation:UInt64}
FROM (@include(told_values))
WHERE device_kind = 1 OR device_kind = 0 AND (bitTest(marks, 0) OR {has_devices:UInt8} = 0)
GROUP BY name, text, device_kind, device, day, arrival
