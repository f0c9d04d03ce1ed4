-- embedded::rollups::write_values::write
DELETE FROM rollup_value WHERE product = ?1 AND number = ?2
