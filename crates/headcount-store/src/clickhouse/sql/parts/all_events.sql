-- All raw events of a product.
SELECT * FROM events FINAL WHERE product = {product:String}
