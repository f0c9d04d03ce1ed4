-- The days before {first} that have devices.
SELECT DISTINCT day FROM (@include(present)) WHERE day < {first:Date} ORDER BY day
