-- Question::Retention: devices by the week of their first event and the weeks in which they were active. A
-- device that is older than the oldest raw event is in no cohort. {from} is the first day that lives, {to}
-- the newest: whether a device is new needs all of them; {first} and {last} say which cohorts are wanted.
SELECT cohort, week, devices
FROM (
    WITH
        weeks AS (
            SELECT device, toMonday(day) AS week, min(weight) AS least
            FROM (@include(@present))
            GROUP BY device, week
        ),
        firsts AS (SELECT device, min(week) AS cohort FROM weeks GROUP BY device)
    SELECT cohort, week, sum(least) AS devices
    FROM weeks INNER JOIN firsts USING device
    WHERE cohort BETWEEN toMonday({first:Date}) AND {last:Date}
        AND device NOT IN (SELECT device FROM older_devices FINAL WHERE product = {product:String})
        AND cohort NOT IN (SELECT cohort FROM cohorts FINAL WHERE product = {product:String})
    GROUP BY cohort, week
    UNION ALL
    SELECT cohort, week, devices FROM cohorts FINAL
    WHERE product = {product:String} AND cohort BETWEEN toMonday({first:Date}) AND {last:Date}
)
ORDER BY cohort, week
