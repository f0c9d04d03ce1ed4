-- embedded::sealing::write::count, embedded::sealing::expire::expire
UPDATE sealed_segment SET counts = 0 WHERE number = ?1
