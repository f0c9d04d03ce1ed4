-- Sent with insert_deduplication_token = 'lease-TERM' and async_insert = 0.
INSERT INTO leases VALUES ({term:UInt64}, {node:UInt32}, now())
