-- Takes away generations that are old and do not hold, nor did before the one that does: somebody may be reading these.
ALTER TABLE cells DELETE
WHERE generation < {before:UInt64}
    AND (product, day, generation) NOT IN (SELECT product, day, arrayJoin(arrayConcat(parts, superseded)) FROM counted FINAL)
SETTINGS mutations_sync = 2
