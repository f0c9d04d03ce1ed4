-- Keeps what the events of a person have added to the counts, before they go. {pseudonym} is hexadecimal.
INSERT INTO erased_cells
SELECT {erasure:UUID}, {attempt:UInt64}, product, day, kind, event, version, failed, one, one_open, one_value, other, other_open,
    other_value, number, count
FROM (@include(cells_of_all))
