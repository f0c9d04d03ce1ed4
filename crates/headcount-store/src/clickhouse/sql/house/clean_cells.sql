-- Takes generations away that hold no more. Those of the last hours stay: somebody may be reading them.
ALTER TABLE cells DELETE
WHERE generation < {before:UInt64}
    AND (product, day, generation) NOT IN (SELECT product, day, arrayJoin(parts) FROM counted FINAL)
SETTINGS mutations_sync = 2
