-- Devices of the day that is about to expire that are there on another day, too: they are new in no week.
INSERT INTO older_devices
SELECT DISTINCT {product:String}, device
FROM (@include(@present))
WHERE day = {day:Date} AND device IN (SELECT device FROM (@include(@present)) WHERE day > {day:Date})
