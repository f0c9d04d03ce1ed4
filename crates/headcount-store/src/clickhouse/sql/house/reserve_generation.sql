-- Takes a number, so that nobody writes under it again, even if whoever took it dies.
INSERT INTO generations SETTINGS async_insert = 0 VALUES ({generation:UInt64}, now())
