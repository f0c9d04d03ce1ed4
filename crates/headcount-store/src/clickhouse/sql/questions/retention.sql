-- Question::Retention: devices by the week of their first event and the weeks in which they were active. A
-- device that is older than the oldest raw event is in no cohort. {from} and {to} are around all days, since
-- whether a device is new needs all that live. The caller takes the cohorts that are wanted.
SELECT cohort, week, devices
FROM (
    SELECT cohort, week, devices FROM (@include(living_cohorts))
    UNION ALL
    SELECT cohort, week, devices FROM cohorts FINAL WHERE product = {product:String}
)
ORDER BY cohort, week
