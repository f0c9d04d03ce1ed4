-- Keeps what the events of a person have added to the counts, before they go. {pseudonym} is hexadecimal.
INSERT INTO erased_cells
SELECT {erasure:UUID}, {attempt:UInt64}, product, day, kind, event, version, failed, one, one_open, one_value, other, other_open,
    other_value, number, count
FROM (
    WITH source AS (SELECT * FROM events FINAL WHERE product = {product:String} AND (@include(is_of_person)))
    @include(cells_of_source)
)
