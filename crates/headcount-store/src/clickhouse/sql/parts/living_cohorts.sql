-- The cohorts of which no day has expired.
WITH
    weeks AS (
        SELECT device, toMonday(day) AS week, min(weight) AS least
        FROM (@include(@present))
        GROUP BY device, week
    ),
    firsts AS (SELECT device, min(week) AS cohort FROM weeks GROUP BY device)
SELECT cohort, week, sum(least) AS devices
FROM weeks INNER JOIN firsts USING device
WHERE device NOT IN (SELECT device FROM older_devices FINAL WHERE product = {product:String})
    AND cohort NOT IN (SELECT start FROM kept_devices WHERE product = {product:String} AND period = 'week')
GROUP BY cohort, week
