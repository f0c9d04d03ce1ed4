-- embedded::rollups::read::read_frozen
SELECT period, start, max(late) FROM rollup_period
WHERE product = ?1 AND period <> 'day' GROUP BY period, start
