-- embedded::sealing::tables::count_ids
SELECT coalesce(sum(rows), 0) FROM sealed_ids WHERE segment = ?1
