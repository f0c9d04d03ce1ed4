-- Question::Products: the names. Each is asked for by products.sql.
SELECT DISTINCT product FROM batches ORDER BY product
