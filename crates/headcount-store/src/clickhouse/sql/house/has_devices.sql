-- Whether a product has ever had an id or a mark, and whether that is noted.
SELECT noted OR (SELECT count() FROM (SELECT 1 FROM events
                 WHERE product = {product:String} AND (device_kind > 0 OR bitAnd(marks, 7) > 0) LIMIT 1)) > 0, noted
FROM (SELECT max(has_devices) AS noted FROM products FINAL WHERE product = {product:String})
