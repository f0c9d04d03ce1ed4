-- embedded::sealing::tables::delete_chunk
DELETE FROM sealed_chunk WHERE number = ?1
