-- embedded::sealing::erase::begin
INSERT OR IGNORE INTO erasure (product, person, pseudonym) VALUES (?1, ?2, ?3)
