-- Keeps what the events of a person have added to the counts, before they go. {generation} is
-- the one that is counted once they are gone. It is not done again when events have gone: `erasures` says so.
-- {pseudonym} is hexadecimal.
INSERT INTO erased_cells
SELECT {erasure:UUID}, {generation:UInt64}, product, day, kind, event, version, failed, one, one_open, one_value, other, other_open,
    other_value, number, count
FROM (@include(cells_of_all))
