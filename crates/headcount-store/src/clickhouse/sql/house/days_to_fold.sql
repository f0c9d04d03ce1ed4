-- The days up to {closed} that are several generations, as questions are told each of them; and of the last three of
-- these days, those that were not counted whole since something came.
SELECT product, day, (day > {closed:Date} - 3 AND generation != erased) AS is_not_whole
FROM counted FINAL
WHERE settled = 0 AND day <= {closed:Date} AND (length(parts) > 1 OR is_not_whole)
ORDER BY product, day
