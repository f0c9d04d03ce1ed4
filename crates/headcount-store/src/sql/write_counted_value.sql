-- embedded::rollups::write_values::write
INSERT INTO rollup_value (product, number, "column", text, standing, last, tellers)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (product, number) DO UPDATE
SET standing = excluded.standing, last = excluded.last, tellers = excluded.tellers
