-- Raw events of a day that is too old go. Before this, `products` says that the day has expired: nobody reads
-- it any more, however long this takes. A week that is over for every product is dropped whole instead.
ALTER TABLE @events @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND day <= {day:Date} SETTINGS mutations_sync = 2
