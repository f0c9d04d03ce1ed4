-- embedded::rollups::write::write_cells
INSERT INTO rollup_cells (series, day, body) VALUES (?1, ?2, ?3)
