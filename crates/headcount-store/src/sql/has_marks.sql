-- embedded::rollups::read::read
SELECT EXISTS (SELECT 1 FROM rollup_marks WHERE product = ?1)
