-- embedded::sealing::erase::replace_chunk
UPDATE sealed_segment SET rows = rows - ?2, counts = rows > ?2 WHERE number = ?1
