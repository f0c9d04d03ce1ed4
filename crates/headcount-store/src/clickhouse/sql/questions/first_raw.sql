-- The first day of a product whose raw events live; none if nothing of it has expired.
SELECT first_raw FROM products FINAL WHERE product = {product:String} AND first_raw > toDate(0)
