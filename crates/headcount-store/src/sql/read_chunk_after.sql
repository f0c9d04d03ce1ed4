-- embedded::sealing::tables::chunk_after
SELECT number, first_id, last_id, rows, body FROM sealed_chunk
WHERE segment = ?1 AND first_id > ?2 ORDER BY first_id LIMIT 1
