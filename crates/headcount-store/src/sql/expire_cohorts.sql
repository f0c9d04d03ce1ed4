-- embedded::rollups::expire::expire_counts
DELETE FROM rollup_cohort WHERE product = ?1 AND cohort < ?2
