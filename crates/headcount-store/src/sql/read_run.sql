-- embedded::sealing::seal::next_run
SELECT number, rows FROM block
WHERE product = ?1 AND day = ?2 AND number <= ?3
  AND number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = ?1 AND sealed_until.day = ?2), 0)
ORDER BY number
