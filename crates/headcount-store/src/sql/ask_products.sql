-- embedded::rollups::ask::ask
-- Two look-ups in the index of the days: the first and the last one.
SELECT products.product,
       (SELECT min(cells.day) FROM rollup_cells AS cells WHERE cells.series = series.number),
       (SELECT max(cells.day) FROM rollup_cells AS cells WHERE cells.series = series.number),
       products.events
FROM rollup_product AS products
JOIN rollup_series AS series ON series.product = products.product AND series.kind = 0
WHERE EXISTS (SELECT 1 FROM rollup_cells AS cells WHERE cells.series = series.number)
ORDER BY products.product
