-- How many events each day has that raw_steps.sql would read, if they are too many.
SELECT day, count() AS events FROM (@include(step_events)) GROUP BY day ORDER BY day DESC
