-- As clean_cells.sql.
ALTER TABLE @device_days @on_cluster DELETE
WHERE generation < {before:UInt64}
    AND (product, day, generation) NOT IN (SELECT product, day, arrayJoin(arrayConcat(parts, superseded)) FROM counted FINAL)
SETTINGS mutations_sync = 2
