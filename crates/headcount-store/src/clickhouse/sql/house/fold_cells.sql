-- As add_cells.sql, with what the generations of the days have: one generation instead of many.
INSERT INTO cells
SELECT {product:String}, day, {generation:UInt64}, kind, event, version, version_open, failed, one, one_open, one_value, other,
    other_open, other_value, number, sum(count)
FROM (
    @include(counted_cells)
    UNION ALL
    SELECT day, kind, event, version, version_open, failed, one, one_open, one_value, other, other_open,
        other_value, number, count
    FROM (@include(cells_of_all))
)
GROUP BY ALL
