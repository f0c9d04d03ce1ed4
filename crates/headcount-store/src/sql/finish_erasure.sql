-- embedded::sealing::erase::finish_erasures
DELETE FROM erasure WHERE product = ?1 AND person = ?2 AND pseudonym = ?3
