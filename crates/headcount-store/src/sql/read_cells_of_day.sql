-- embedded::rollups::write::write_cells
SELECT number, body FROM rollup_cells WHERE series = ?1 AND day = ?2
