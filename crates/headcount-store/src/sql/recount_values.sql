-- embedded::rollups::recount::Recount::read
SELECT product, number, text FROM rollup_value WHERE standing = 0 AND text <> 'other'
