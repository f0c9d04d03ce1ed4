-- embedded::rollups::asking::each
SELECT cells.day, cells.body
FROM rollup_series AS series CROSS JOIN rollup_cells AS cells
WHERE series.product = ?1 AND series.kind = ?2 AND series.event = ?3 AND series.one = ?4
  AND series.other = ?5 AND cells.series = series.number AND cells.day BETWEEN ?6 AND ?7
ORDER BY cells.day
