-- embedded::rollups::read::read_frozen
SELECT period, start, max(late) FROM rollup_period
WHERE product = ?1 GROUP BY period, start
