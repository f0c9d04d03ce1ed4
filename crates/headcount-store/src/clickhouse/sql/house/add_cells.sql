-- Counts what no generation of some days contains yet, as one more of them: of the batches that {new_keys}, {new_lasts}
-- and {new_tops} name, and of no other. An event whose copy is counted already adds nothing.
INSERT INTO cells
SELECT product, day, {generation:UInt64}, kind, event, version, version_open, failed, one, one_open, one_value, other,
    other_open, other_value, number, count
FROM (@include(cells_of_all))
