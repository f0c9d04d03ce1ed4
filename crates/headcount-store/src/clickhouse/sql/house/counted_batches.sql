-- Which batches the generations of some days contain.
SELECT day, nodes, batches FROM counted FINAL WHERE product = {product:String} AND day IN {days:Array(Date)}
