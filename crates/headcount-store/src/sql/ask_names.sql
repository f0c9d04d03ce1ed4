-- embedded::rollups::names::read
-- Candidates are left out: they are counted as "other".
SELECT number, text FROM rollup_value WHERE product = ?1 AND standing <> 2 ORDER BY text
