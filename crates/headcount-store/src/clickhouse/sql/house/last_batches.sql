-- The last batch of each collector that is there: asked first, so that everything counted is of one moment.
SELECT node, max(batch) FROM batches FINAL GROUP BY node ORDER BY node
