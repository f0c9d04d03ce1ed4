-- embedded::rollups::write_values::write
INSERT INTO rollup_product (product, events, last_number) VALUES (?1, ?2, ?3)
ON CONFLICT (product) DO UPDATE
SET events = events + excluded.events, last_number = excluded.last_number
