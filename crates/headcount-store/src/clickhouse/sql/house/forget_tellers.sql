-- Who told a value before the window has not told it.
ALTER TABLE tellers DELETE WHERE product = {product:String} AND day < {first:Date} SETTINGS mutations_sync = 2
