-- embedded::raw_counts::reading::first_whole_day
SELECT max(day) FROM gone_events WHERE product = ?1 AND why = 'expired'
