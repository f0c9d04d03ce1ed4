-- RawCount::Next: the events of parts/visit_events.sql. The visits are made by the very code that the embedded store has,
-- so the collector reads {most} rows at most.
SELECT follower, at, place, value, steps, weight FROM (@include(visit_events)) LIMIT {most:UInt64}
