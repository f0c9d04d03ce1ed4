-- embedded::rollups::ask_devices::retention
SELECT cohort, week, devices FROM rollup_cohort WHERE product = ?1 AND cohort BETWEEN ?2 AND ?3
