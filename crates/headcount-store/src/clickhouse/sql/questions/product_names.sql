-- The products of which something has come. Question::Products asks for each of them by products.sql.
SELECT DISTINCT product FROM batches ORDER BY product
