-- Of each asked day, the erasures whose kept counts belong to it: above `settled`, up to `erased`.
SELECT day, settled, erased FROM counted FINAL
WHERE product = {product:String} AND day BETWEEN {from:Date} AND {to:Date}
