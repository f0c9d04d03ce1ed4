-- A device that is erased has told nothing.
ALTER TABLE tellers DELETE
WHERE product = {product:String} AND device = unhex({pseudonym:String}) SETTINGS mutations_sync = 2
