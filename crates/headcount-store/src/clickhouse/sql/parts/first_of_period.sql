-- The first day of a period whose number is still kept.
multiIf(period = 'day', {first_count:Date}, period = 'week', toMonday({first_count:Date}), toStartOfMonth({first_count:Date}))
