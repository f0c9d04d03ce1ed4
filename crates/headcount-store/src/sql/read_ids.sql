-- embedded::sealing::tables::pages
SELECT body FROM sealed_ids WHERE segment = ?1 AND first_id BETWEEN ?2 AND ?3 ORDER BY first_id
