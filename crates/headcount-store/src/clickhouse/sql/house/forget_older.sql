-- Devices that are there on no day any more go.
ALTER TABLE @older_devices @on_cluster DELETE
WHERE product = {product:String} AND device NOT IN (SELECT device FROM @device_days WHERE product = {product:String} AND day >= {first:Date})
SETTINGS mutations_sync = 2
