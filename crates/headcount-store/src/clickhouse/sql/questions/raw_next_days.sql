-- How many events each day has that raw_next.sql would read, if they are too many.
SELECT day, count() AS events FROM (@include(visit_events)) GROUP BY day ORDER BY day DESC
