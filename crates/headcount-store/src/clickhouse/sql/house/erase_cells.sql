-- Keeps what the events of a person have added to the counts, before they go. {generation} is the number
-- of the erasure. Counts of a day that is settled have them for good. {pseudonym} is hexadecimal.
INSERT INTO erased_cells
SELECT {generation:UInt64}, product, day, kind, event, version, version_open, failed, one, one_open, one_value, other,
    other_open, other_value, number, count
FROM (@include(cells_of_all))
WHERE day NOT IN (SELECT day FROM counted FINAL WHERE product = {product:String} AND settled > 0)
