-- embedded::sealing::tables::delete_chunk
DELETE FROM sealed_ids WHERE segment = ?1 AND first_id BETWEEN ?2 AND ?3
