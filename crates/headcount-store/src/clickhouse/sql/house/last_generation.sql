-- The largest number that a generation has, or will have.
SELECT greatest((SELECT max(generation) FROM counted), (SELECT max(generation) FROM erased_cells),
    (SELECT max(revision) FROM products))
