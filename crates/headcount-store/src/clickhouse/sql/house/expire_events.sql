-- Raw events of days before {first} go, of the batches that {nodes} and {lasts} name: these are in the counts. Before
-- this, `products` says that the days have expired: nobody reads them any more, however long this takes.
ALTER TABLE @events @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND day < {first:Date}
    AND batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
SETTINGS mutations_sync = 2
