-- embedded::sealing::erase::erase_fresh
SELECT number, product, day, schema, rows, body FROM block
WHERE product = ?1 AND number <= ?2
  AND number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0)
ORDER BY number
