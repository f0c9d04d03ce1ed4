-- embedded::rollups::expire::expire
INSERT INTO rollup_cohort (product, cohort, week, devices) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (product, cohort, week) DO NOTHING
