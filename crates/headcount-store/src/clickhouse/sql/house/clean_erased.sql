-- What erased events had added is in the generation of a day that is settled.
ALTER TABLE erased_cells DELETE
WHERE (product, day) IN (SELECT product, day FROM counted FINAL WHERE settled > 0)
    AND generation < {before:UInt64}
SETTINGS mutations_sync = 2
