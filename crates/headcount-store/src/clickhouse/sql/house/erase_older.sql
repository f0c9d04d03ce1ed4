-- A device goes from those that are older than the oldest day.
ALTER TABLE @older_devices @on_cluster DELETE
WHERE product = {product:String} AND device = unhex({pseudonym:String}) SETTINGS mutations_sync = 2
