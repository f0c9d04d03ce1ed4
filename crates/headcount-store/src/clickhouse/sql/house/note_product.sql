-- Notes of a product what only rises.
INSERT INTO products
SELECT {product:String}, {revision:UInt64}, greatest(max(first_raw), {first_raw:Date}), max(first_count),
    greatest(max(has_devices), {has_devices:UInt8}), max(events)
FROM products FINAL WHERE product = {product:String}
