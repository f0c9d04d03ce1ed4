-- embedded::rollups::read::read
SELECT product, last_number FROM rollup_product
