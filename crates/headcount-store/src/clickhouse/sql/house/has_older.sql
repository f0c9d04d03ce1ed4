-- Whether forget_older.sql has something to do.
SELECT count() FROM older_devices
WHERE product = {product:String} AND device NOT IN (SELECT device FROM device_days WHERE product = {product:String} AND day >= {first:Date})
