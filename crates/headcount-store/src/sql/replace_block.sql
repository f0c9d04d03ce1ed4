-- embedded::sealing::erase::replace_block
UPDATE block SET rows = ?2, body = ?3 WHERE number = ?1
