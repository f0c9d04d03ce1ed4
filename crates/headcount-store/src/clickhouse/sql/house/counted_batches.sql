-- Of some days: which batches their generations contain, which generations these are, and after which erasure and up to
-- which one what was erased counts.
SELECT day, nodes, batches, parts, settled, erased FROM counted FINAL WHERE product = {product:String} AND day IN {days:Array(Date)}
