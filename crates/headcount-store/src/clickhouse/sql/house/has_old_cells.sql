-- Whether there are old generations that no longer hold.
SELECT (SELECT count() FROM (SELECT DISTINCT product, day, generation FROM cells WHERE generation < {before:UInt64})
        WHERE (product, day, generation) NOT IN (SELECT product, day, arrayJoin(arrayConcat(parts, superseded)) FROM counted FINAL)),
    (SELECT count() FROM (SELECT DISTINCT product, day, generation FROM device_days WHERE generation < {before:UInt64})
        WHERE (product, day, generation) NOT IN (SELECT product, day, arrayJoin(arrayConcat(parts, superseded)) FROM counted FINAL)),
    (SELECT count() FROM erased_cells WHERE generation < {before:UInt64}
        AND (product, day) IN (SELECT product, day FROM counted FINAL WHERE settled > 0))
