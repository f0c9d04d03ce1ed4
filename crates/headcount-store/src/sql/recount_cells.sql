-- embedded::rollups::recount::Recount::read
SELECT series.product, series.kind, series.event, series.one, series.other, cells.day, cells.body
FROM rollup_cells AS cells JOIN rollup_series AS series ON series.number = cells.series
