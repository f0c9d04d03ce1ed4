-- The text of a value as it is settled. One that is not told any more keeps its text if it had its row, and as long
-- as a day of its lives on which it was counted.
multiIf(open_@kind = 2 AND (name_@kind, text_@kind) NOT IN (@include(counted_since)), 'other',
    NOT (@include(is_over)), text_@kind,
    (name_@kind, text_@kind) IN (@include(with_standing:row)) AND (name_@kind, text_@kind) IN (@include(counted_since)), text_@kind,
    'other')
