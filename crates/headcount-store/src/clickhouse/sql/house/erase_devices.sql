-- A device goes from the days of a week on which it was there.
ALTER TABLE @device_days @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND device = unhex({pseudonym:String}) SETTINGS mutations_sync = 2
