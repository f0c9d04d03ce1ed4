-- embedded::transaction::write_rejected
SELECT count(*) FROM rejected WHERE product = ?1 AND day = ?2
