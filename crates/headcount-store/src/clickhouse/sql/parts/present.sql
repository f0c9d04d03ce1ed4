-- The devices of the asked days, each once a day, version and weight at most, or more often: whoever asks
-- takes the smallest weight.
SELECT day, device, version, 1 AS version_open, weight
FROM device_days
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
    AND (toUInt16(day), generation) IN (@include(@held))
