-- As present.sql, and the devices of events that no generation contains yet.
@include(present)
UNION ALL
SELECT day, device, version, 1, weight
FROM (@include(new_events))
WHERE device_kind = 1
