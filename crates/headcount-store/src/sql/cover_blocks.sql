-- embedded::sealing::write::count, embedded::sealing::expire::expire
INSERT INTO sealed_until (product, day, block) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET block = max(block, excluded.block)
