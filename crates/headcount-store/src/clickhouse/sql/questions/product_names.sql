-- The products of which something has come. Question::Products asks for each of them by products.sql.
SELECT DISTINCT product FROM last_batches ORDER BY product
