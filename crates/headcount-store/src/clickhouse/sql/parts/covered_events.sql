-- The events of some days, of the batches that {nodes} and {lasts} name and no others: what PREWHERE leaves out
-- is left out before FINAL looks for copies. Parts are chosen by WHERE alone.
SELECT * FROM events FINAL
PREWHERE batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
WHERE product = {product:String} AND day IN {days:Array(Date)}
