-- How many days from before {first_count} have counts of events.
SELECT uniqExact(day) FROM (@include(cells:event)) WHERE day < {first_count:Date}
