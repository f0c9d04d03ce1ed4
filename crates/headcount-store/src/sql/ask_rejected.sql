-- embedded::rollups::ask::ask
SELECT path, kind, reason, catalog, program, sum(count) FROM rejected
WHERE product = ?1 AND day BETWEEN ?2 AND ?3
GROUP BY path, kind, reason, catalog, program ORDER BY path, kind, reason, catalog, program
