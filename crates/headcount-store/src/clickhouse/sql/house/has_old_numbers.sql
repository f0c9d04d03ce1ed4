-- Whether there are kept devices, cohorts or counts of rejected events from before {first_count}.
SELECT (SELECT count() FROM kept_devices WHERE product = {product:String} AND start < @include(first_of_period)),
    (SELECT count() FROM cohorts WHERE product = {product:String} AND cohort < {first_count:Date}),
    (SELECT count() FROM (SELECT 1 FROM rejected FINAL WHERE product = {product:String} AND day < {first_count:Date}
        GROUP BY day, path, kind, reason, catalog, program HAVING sum(rejected.count) != 0))
