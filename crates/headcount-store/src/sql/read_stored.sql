-- embedded::examine::books::check
SELECT product, outcome, count FROM outcome WHERE outcome = 'stored'
UNION ALL
SELECT product, why, count FROM gone_events
