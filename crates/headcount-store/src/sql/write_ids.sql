-- embedded::sealing::tables::write_chunk
INSERT INTO sealed_ids (segment, first_id, rows, body) VALUES (?1, ?2, ?3, ?4)
