-- The events of the person who is to be erased, of the batches that {nodes} and {lasts} name.
SELECT * FROM events FINAL
PREWHERE batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
WHERE product = {product:String} AND (@include(is_of_person))
