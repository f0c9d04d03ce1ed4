-- embedded::sealing::tables::read_filter
SELECT body FROM sealed_filter WHERE segment = ?1 ORDER BY piece
