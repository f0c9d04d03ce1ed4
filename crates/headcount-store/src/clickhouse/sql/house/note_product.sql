-- Notes of a product what only rises.
INSERT INTO products
SELECT {product:String}, {revision:UInt64}, greatest(max(first_raw), {first_raw:Date}), greatest(max(has_devices), {has_devices:UInt8})
FROM products FINAL WHERE product = {product:String}
