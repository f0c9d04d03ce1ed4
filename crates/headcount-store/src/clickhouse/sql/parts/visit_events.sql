-- The events that are looked at for what comes next and can be followed: `place` is that of the event in the question,
-- from 1 on, and @value what is told beside it. The rest is as in step_events.sql.
SELECT day, follower, at, place, value, steps, weight
FROM (
    SELECT day, @follower AS follower, weight, @steps AS steps, toUInt16(indexOf(@followed, event)) AS place, @value AS value,
        arrayFirst((seconds, name) -> has({times:Array(String)}, name), `times.seconds`, `times.name`) AS at,
        hasAny({times:Array(String)}, `times.name`) AS has_time, @has_follower AS is_followed
    FROM (@include(raw_source))
)
WHERE place > 0 AND has_time AND is_followed
