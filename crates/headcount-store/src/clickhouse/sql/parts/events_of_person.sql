-- The events of the person who is to be erased, of the batches that {nodes} and {lasts} name.
SELECT * FROM events FINAL
PREWHERE 18446744073709551615 - rank <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
WHERE product = {product:String} AND (@include(is_of_person))
