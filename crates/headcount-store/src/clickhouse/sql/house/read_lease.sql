-- Whose term it is. In a cluster with select_sequential_consistency = 1 and insert_quorum = 'auto'.
SELECT node FROM leases WHERE term = {term:UInt64} ORDER BY since, node LIMIT 1
