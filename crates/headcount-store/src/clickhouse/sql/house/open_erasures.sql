-- The erasures that are not done.
SELECT number, product, is_account, hex(pseudonym), is_kept, events, nodes, lasts FROM erasures FINAL ORDER BY number
