-- embedded::rollups::read::read_series
SELECT number, kind, event, one, other FROM rollup_series WHERE product = ?1
