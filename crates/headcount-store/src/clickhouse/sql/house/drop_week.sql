-- Drops a week that is over for every product: no mutation, and no reader waits.
ALTER TABLE @events @on_cluster DROP PARTITION {week:String}
