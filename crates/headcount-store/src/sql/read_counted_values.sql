-- embedded::rollups::read::read_values
SELECT number, "column", text, standing, last, tellers FROM rollup_value
WHERE product = ?1 ORDER BY "column", number
