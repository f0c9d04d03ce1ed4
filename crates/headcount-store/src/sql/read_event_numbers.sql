-- embedded::raw_counts::reading::events_by_day
SELECT day, sum(rows) FROM (
    SELECT day, rows FROM sealed_segment
    WHERE product = ?1 AND day BETWEEN ?2 AND ?3 AND counts = 1
    UNION ALL
    SELECT day, rows FROM block
    WHERE product = ?1 AND day BETWEEN ?2 AND ?3
      AND number > coalesce((SELECT sealed_until.block FROM sealed_until
        WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0))
GROUP BY day ORDER BY day DESC
