-- embedded::sealing::housekeeping::days
SELECT DISTINCT product, day FROM block
WHERE number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0)
