-- The devices of days that are too old go, after they were kept as numbers.
ALTER TABLE @device_days @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND day < {first:Date} AND generation < {generation:UInt64}
SETTINGS mutations_sync = 2
