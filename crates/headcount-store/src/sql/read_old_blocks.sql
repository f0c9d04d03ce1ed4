-- embedded::migration::each_old_block
SELECT number, product, day, body FROM old_block ORDER BY number
