-- A device goes from the days on which it was there.
ALTER TABLE @device_days @on_cluster DELETE WHERE product = {product:String} AND device = unhex({pseudonym:String})
SETTINGS mutations_sync = 2
