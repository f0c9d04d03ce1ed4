-- embedded::sealing::clean::delete_some
DELETE FROM sealed_ids WHERE number IN (
    SELECT sealed_ids.number FROM sealed_segment
    JOIN sealed_ids ON sealed_ids.segment = sealed_segment.number
    WHERE sealed_segment.counts = 0 LIMIT ?1)
