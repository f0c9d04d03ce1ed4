-- embedded::stored_answers::StoredAnswers::ask
-- The blocks of a product that are not in the tables of rollups. Those that are sealed are.
SELECT number, product, day, schema, rows, body FROM block
WHERE product = ?1 AND number > (SELECT watermark.block FROM watermark)
  AND number > coalesce((SELECT sealed_until.block FROM sealed_until
    WHERE sealed_until.product = block.product AND sealed_until.day = block.day), 0)
ORDER BY number
