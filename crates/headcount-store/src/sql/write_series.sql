-- embedded::rollups::write_values::series
INSERT INTO rollup_series (product, kind, event, one, other) VALUES (?1, ?2, ?3, ?4, ?5)
