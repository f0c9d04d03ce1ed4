-- How many batches some days have, of those that {nodes} and {lasts} name.
SELECT day, count() FROM (SELECT day, node, batch FROM batches FINAL WHERE product = {product:String} AND day IN {days:Array(Date)})
WHERE batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
GROUP BY day ORDER BY day
