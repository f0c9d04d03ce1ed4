-- The cohorts of which no day has expired. A hash of 64 bits stands for a device, as in active.sql.
SELECT cohort, week, sum(least) AS devices
FROM (
    SELECT arrayMin(one -> one.1, weeks) AS cohort, each.1 AS week, each.2 AS least
    FROM (
        SELECT who, groupArray((week, least)) AS weeks
        FROM (
            SELECT sipHash64(device) AS who, toMonday(day) AS week, min(weight) AS least
            FROM (@include(@present))
            WHERE device NOT IN (SELECT device FROM older_devices FINAL WHERE product = {product:String})
            GROUP BY who, week
        )
        GROUP BY who
    )
    ARRAY JOIN weeks AS each
)
WHERE cohort NOT IN (SELECT start FROM kept_devices WHERE product = {product:String} AND period = 'week')
GROUP BY cohort, week
