-- embedded::rollups::expire::expire_counts
DELETE FROM rollup_marks WHERE product = ?1 AND period = ?3 AND start < ?2
