-- How many events of a person there are, by week: asked before they are erased, and, as the proof, afterwards.
SELECT toMonday(day) AS week, count() AS events FROM (@include(events_of_person)) GROUP BY week ORDER BY week
