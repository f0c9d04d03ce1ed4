-- embedded::rollups::expire::expire_counts
DELETE FROM rollup_period WHERE product = ?1 AND period = ?3 AND start < ?2
