-- Question::Retention: devices by the week of their first event and the weeks in which they were active. A
-- device that is older than the oldest raw event is in no cohort. {from} and {to} are the days that live, since
-- whether a device is new needs all of them; {first} and {last} say which cohorts are wanted.
SELECT cohort, week, devices
FROM (
    SELECT cohort, week, devices FROM (@include(living_cohorts))
    UNION ALL
    SELECT cohort, week, devices FROM cohorts FINAL WHERE product = {product:String}
)
WHERE cohort BETWEEN toMonday({first:Date}) AND {last:Date}
ORDER BY cohort, week
