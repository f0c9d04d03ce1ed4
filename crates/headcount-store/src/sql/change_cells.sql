-- embedded::rollups::write::write_cells
UPDATE rollup_cells SET body = ?2 WHERE number = ?1
