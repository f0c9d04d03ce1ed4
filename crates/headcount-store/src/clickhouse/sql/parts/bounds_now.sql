-- Of each asked day, after which erasure and up to which one, what was erased counts.
SELECT day, settled, erased FROM counted FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
