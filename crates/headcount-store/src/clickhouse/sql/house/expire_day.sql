-- Drops a product's day: no mutation, and no reader waits.
ALTER TABLE @events @on_cluster DROP PARTITION ({product:String}, {day:Date})
