-- embedded::sealing::clean::delete_some
DELETE FROM block WHERE number IN (
    SELECT block.number FROM sealed_until
    JOIN block ON block.product = sealed_until.product AND block.day = sealed_until.day
    WHERE block.number <= sealed_until.block LIMIT ?1)
