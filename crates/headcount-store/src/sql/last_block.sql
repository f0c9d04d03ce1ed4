-- embedded::writer::last_block
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'block'), 0)
