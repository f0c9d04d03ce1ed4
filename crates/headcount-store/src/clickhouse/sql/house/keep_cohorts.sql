-- Keeps the cohort of the week that has the day that is about to expire, unless it is kept already. It runs
-- before keep_periods.sql, by which a kept week is told.
INSERT INTO cohorts
SELECT {product:String}, cohort, week, devices
FROM (@include(living_cohorts))
WHERE cohort = toMonday({day:Date})
