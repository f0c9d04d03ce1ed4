-- embedded::sealing::tables::write_filter_piece
INSERT INTO sealed_filter (segment, piece, body) VALUES (?1, ?2, ?3)
