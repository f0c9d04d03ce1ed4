-- Whether forget_tellers.sql has something to do.
SELECT count() FROM tellers WHERE product = {product:String} AND day < {first:Date}
