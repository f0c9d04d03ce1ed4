-- All kinds of cells.
@include(cells_of_event) UNION ALL @include(cells_of_value) UNION ALL @include(cells_of_pair)
UNION ALL @include(cells_of_number) UNION ALL @include(cells_of_mark)
