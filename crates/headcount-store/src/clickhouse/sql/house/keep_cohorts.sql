-- Keeps the cohorts of the weeks that have one of {days}, which are about to expire, unless they are kept already. It
-- runs before keep_periods.sql, by which a kept week is told.
INSERT INTO cohorts
SELECT {product:String}, cohort, week, devices
FROM (@include(living_cohorts))
WHERE cohort IN (SELECT toMonday(arrayJoin({days:Array(Date)})))
