-- embedded::rollups::expire::expire_counts
DELETE FROM rollup_cells WHERE day < ?2 AND series IN (SELECT number FROM rollup_series WHERE product = ?1)
