-- The last batch of each collector that is there: asked first, so that everything counted is of one moment.
SELECT node, max(batch) FROM last_batches GROUP BY node ORDER BY node
