-- The first one stays: whoever comes later sends a duplicate.
INSERT INTO leases SETTINGS async_insert = 0, insert_deduplication_token = 'lease-@term'
VALUES (@term, {node:UInt32}, now())
