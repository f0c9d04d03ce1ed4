-- embedded::sealing::clean::delete_some
DELETE FROM sealed_filter WHERE rowid IN (
    SELECT sealed_filter.rowid FROM sealed_segment
    JOIN sealed_filter ON sealed_filter.segment = sealed_segment.number
    WHERE sealed_segment.counts = 0 LIMIT ?1)
