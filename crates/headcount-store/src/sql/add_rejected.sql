-- embedded::transaction::write_rejected
UPDATE rejected SET count = count + ?8
WHERE product = ?1 AND day = ?2 AND path = ?3 AND kind = ?4 AND reason = ?5 AND catalog = ?6
  AND program = ?7
