-- embedded::sealing::tables::write_chunk
INSERT INTO sealed_chunk (segment, first_id, last_id, rows, body) VALUES (?1, ?2, ?3, ?4, ?5)
