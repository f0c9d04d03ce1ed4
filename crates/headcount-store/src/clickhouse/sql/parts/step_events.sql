-- The events that can be a step and can be followed. @steps is a sum of one condition for each step, times its
-- bit. For sessions, the follower is made of the pseudonym in their column.
SELECT day, follower, at, steps, weight
FROM (
    SELECT day, @follower AS follower, weight, @steps AS steps,
        arrayFirst((seconds, name) -> has({times:Array(String)}, name), `times.seconds`, `times.name`) AS at,
        hasAny({times:Array(String)}, `times.name`) AS has_time, @has_follower AS is_followed
    FROM (@include(raw_source))
)
WHERE steps > 0 AND has_time AND is_followed
