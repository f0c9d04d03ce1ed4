-- embedded::rollups::expire::freeze
SELECT sketch FROM rollup_period
WHERE product = ?1 AND period = ?2 AND start = ?3 AND version = ?4 AND weight = ?5
