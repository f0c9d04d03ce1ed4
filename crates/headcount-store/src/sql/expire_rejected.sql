-- embedded::rollups::expire::expire_counts
DELETE FROM rejected WHERE product = ?1 AND day < ?2
