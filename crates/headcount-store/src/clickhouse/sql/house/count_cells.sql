-- Counts some days anew, as a generation: the batches that {nodes} and {lasts} name, and no other, so that the
-- rows in `counted` are true of it. A week at once needs little memory: it is grouped by day.
INSERT INTO cells
SELECT product, day, {generation:UInt64}, kind, event, version, version_open, failed, one, one_open, one_value, other,
    other_open, other_value, number, count
FROM (@include(cells_of_all))
