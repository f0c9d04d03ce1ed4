-- embedded::sealing::erase::replace_block
DELETE FROM block WHERE number = ?1
