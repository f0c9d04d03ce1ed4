-- Devices of days before {first} that are there on a later day, too: they are new in no week.
INSERT INTO older_devices
SELECT DISTINCT {product:String}, device
FROM (@include(present))
WHERE day < {first:Date} AND device IN (SELECT device FROM (@include(present)) WHERE day >= {first:Date})
