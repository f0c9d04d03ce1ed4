-- The devices of a day that is too old go, after they were kept as numbers.
ALTER TABLE @device_days @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND day <= {day:Date} SETTINGS mutations_sync = 2
