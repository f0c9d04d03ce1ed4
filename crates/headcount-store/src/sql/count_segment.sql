-- embedded::sealing::write::count
UPDATE sealed_segment SET rows = ?2, counts = ?2 > 0 WHERE number = ?1
