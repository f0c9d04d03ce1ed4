-- embedded::sealing::tables::page_after
SELECT body FROM sealed_ids WHERE segment = ?1 AND first_id > ?2 ORDER BY first_id LIMIT 1
