-- embedded::writer::last_block
SELECT coalesce(max(number), 0) FROM block
