-- The weeks that are over on {closed} and are in several parts, with their rows. A few late events beside a large part
-- are left there: it would be written again for each of them.
SELECT partition, sum(rows) FROM system.parts
WHERE active AND database = currentDatabase() AND table = '@events' AND toDate(partition) + 6 < {closed:Date}
GROUP BY partition HAVING count() > 1 AND max(rows) * 10 < sum(rows) * 9
