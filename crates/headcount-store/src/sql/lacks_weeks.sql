-- embedded::writer::fill_weeks
SELECT EXISTS (SELECT 1 FROM rollup_devices WHERE period = 'day')
   AND NOT EXISTS (SELECT 1 FROM rollup_devices WHERE period <> 'day')
