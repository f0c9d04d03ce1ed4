-- Cohorts go with their first day.
ALTER TABLE cohorts DELETE WHERE product = {product:String} AND cohort < {first_count:Date} SETTINGS mutations_sync = 2
