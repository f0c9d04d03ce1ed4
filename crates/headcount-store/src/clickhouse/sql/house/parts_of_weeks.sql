-- The weeks that are over on {closed} and are in several parts, with their rows.
SELECT partition, sum(rows) FROM system.parts
WHERE active AND database = currentDatabase() AND table = '@events' AND toDate(partition) + 6 < {closed:Date}
GROUP BY partition HAVING count() > 1
