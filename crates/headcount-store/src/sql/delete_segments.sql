-- embedded::sealing::clean::delete_some
DELETE FROM sealed_segment WHERE number IN (
    SELECT number FROM sealed_segment WHERE counts = 0 LIMIT ?1)
