-- embedded::analysis::snapshot::EventReader
SELECT number, day FROM block
WHERE product = ?1 AND day BETWEEN ?2 AND ?3
  AND number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0)
ORDER BY number
