-- The largest number that a generation or an erasure has, or will have.
SELECT greatest((SELECT max(generation) FROM generations), (SELECT max(generation) FROM counted),
    (SELECT max(generation) FROM erased_cells), (SELECT max(revision) FROM products), (SELECT max(number) FROM erasures))
