-- Counts a day anew, as a generation: the batches that {nodes} and {lasts} name, and no other, so that the
-- row in `counted` is true of it.
INSERT INTO cells
SELECT product, day, {generation:UInt64}, kind, event, version, failed, one, one_open, one_value, other, other_open,
    other_value, number, count
FROM (
    WITH source AS (
        SELECT * FROM events FINAL
        PREWHERE product = {product:String} AND day = {day:Date}
            AND 18446744073709551615 - rank <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
    )
    @include(cells_of_source)
)
