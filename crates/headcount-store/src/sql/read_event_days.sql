-- embedded::stored_events::days
SELECT product, day FROM sealed_segment WHERE counts = 1
UNION
SELECT product, day FROM block
WHERE number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0)
ORDER BY product, day
