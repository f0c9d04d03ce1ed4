-- The events of the asked days that no generation contains yet. What PREWHERE leaves out is left out before
-- FINAL looks for copies: so these are new among themselves, and then those go that a counted batch has.
-- Partitions are chosen by WHERE alone.
SELECT *
FROM events FINAL
PREWHERE @include(is_new)
WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND @include(@copies)
