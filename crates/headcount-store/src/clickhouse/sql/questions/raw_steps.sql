-- RawCount::Steps: the events of parts/step_events.sql. The chains are followed by the very code that the embedded
-- store has, so the collector reads {most} rows at most.
SELECT follower, at, steps, weight FROM (@include(step_events)) LIMIT {most:UInt64}
