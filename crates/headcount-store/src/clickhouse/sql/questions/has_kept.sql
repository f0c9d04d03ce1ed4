-- Whether a day of one of the asked periods has expired, so that active_kept.sql has to be asked.
SELECT count() > 0 FROM kept_devices
WHERE product = {product:String} AND period = {period:String} AND start BETWEEN {from:Date} AND {to:Date}
