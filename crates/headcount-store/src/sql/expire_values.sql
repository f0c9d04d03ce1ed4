-- embedded::rollups::expire::expire_counts
DELETE FROM rollup_value WHERE product = ?1 AND standing = 3 AND last < ?2
