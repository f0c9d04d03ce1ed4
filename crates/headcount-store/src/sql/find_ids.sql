-- embedded::sealing::tables::page_of
SELECT number, body FROM sealed_ids
WHERE segment = ?1 AND first_id <= ?2 ORDER BY first_id DESC LIMIT 1
