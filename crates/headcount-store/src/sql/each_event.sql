-- embedded::EmbeddedStore::each_event
SELECT number, day, body FROM block WHERE product = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY number
