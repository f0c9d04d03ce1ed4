-- embedded::sealing::expire::expire_day
SELECT coalesce(sum(rows), 0) FROM block
WHERE product = ?1 AND day = ?2 AND number <= ?3
  AND number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = ?1 AND sealed_until.day = ?2), 0)
