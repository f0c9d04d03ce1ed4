-- embedded::schemas::Schemas::read
SELECT number, product, body FROM schema ORDER BY number
