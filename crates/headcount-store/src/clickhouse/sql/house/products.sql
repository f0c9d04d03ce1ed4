-- The products of which something has come.
SELECT DISTINCT product FROM batches ORDER BY product
