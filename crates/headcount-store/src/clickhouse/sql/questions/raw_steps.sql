-- RawCount::Steps: the events that can be a step and can be followed. The chains are followed by the very
-- code that the embedded store has, so the collector reads {most} rows at most. @steps is a sum of one
-- condition for each step, times its bit. For sessions, the follower is the pseudonym in their column.
SELECT follower, at, steps, weight
FROM (
    SELECT @follower AS follower, weight, @steps AS steps,
        arrayFirst((seconds, name) -> has({times:Array(String)}, name), `times.seconds`, `times.name`) AS at,
        hasAny({times:Array(String)}, `times.name`) AS has_time, @has_follower AS is_followed
    FROM (@include(raw_source))
)
WHERE steps > 0 AND has_time AND is_followed
LIMIT {most:UInt64}
