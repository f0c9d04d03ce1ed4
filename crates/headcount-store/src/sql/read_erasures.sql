-- embedded::sealing::erase::waiting
SELECT product, person, pseudonym FROM erasure
