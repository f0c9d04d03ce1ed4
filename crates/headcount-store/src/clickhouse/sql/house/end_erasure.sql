-- An erasure is done, and nothing is left of the person.
ALTER TABLE erasures DELETE WHERE number = {number:UInt64} SETTINGS mutations_sync = 2
