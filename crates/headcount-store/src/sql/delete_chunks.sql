-- embedded::sealing::clean::delete_some
DELETE FROM sealed_chunk WHERE number IN (
    SELECT sealed_chunk.number FROM sealed_segment
    JOIN sealed_chunk ON sealed_chunk.segment = sealed_segment.number
    WHERE sealed_segment.counts = 0 LIMIT ?1)
