-- embedded::stored_events::first_day
SELECT min(day) FROM (
    SELECT min(day) AS day FROM sealed_segment
    WHERE product = ?1 AND day BETWEEN ?2 AND ?3 AND counts = 1
    UNION ALL
    SELECT min(day) FROM block
    WHERE product = ?1 AND day BETWEEN ?2 AND ?3
      AND number > coalesce((SELECT sealed_until.block FROM sealed_until
        WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0))
