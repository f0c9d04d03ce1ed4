-- How many events of a person there are, by week: asked before they are erased, and, as the proof, afterwards.
SELECT toMonday(day) AS week, count() AS events FROM events FINAL WHERE product = {product:String} AND (@include(is_of_person)) GROUP BY week ORDER BY week
