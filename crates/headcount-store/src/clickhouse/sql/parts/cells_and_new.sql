-- As cells.sql, and the events that no generation contains yet.
@include(cells)
UNION ALL
SELECT day, kind, event, version, version_open, failed, one, one_open, one_value, other, other_open, other_value, number, count
FROM (@include(cells_of_@kind))
