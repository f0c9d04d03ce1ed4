-- embedded::rollups::expire::expire_counts
SELECT count(*) FROM rollup_cells WHERE day < ?2 AND series = (
    SELECT number FROM rollup_series WHERE product = ?1 AND kind = 0)
