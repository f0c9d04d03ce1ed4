-- Words of closed sets that have the name of an open column: they have a row from their first event on.
INSERT INTO vocabulary
SELECT DISTINCT product, name, text, 'fixed', day, {revision:UInt64}
FROM (
    SELECT product, name, text, max(day) AS day
    FROM (
        SELECT product, day, name, text, is_open FROM events FINAL
        ARRAY JOIN `values.name` AS name, `values.text` AS text, `values.is_open` AS is_open
        WHERE product = {product:String} AND day >= {window:Date}
    )
    WHERE NOT is_open
        AND name IN (SELECT one FROM cells WHERE product = {product:String} AND kind = 'value' AND one_open)
    GROUP BY product, name, text
)
WHERE (name, text) NOT IN (SELECT `column`, text FROM vocabulary FINAL
                           WHERE product = {product:String} AND standing = 'fixed')
