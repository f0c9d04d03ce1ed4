-- Words of closed sets have a row from their first event on, in an open column of their name, too.
INSERT INTO vocabulary
SELECT DISTINCT {product:String}, name, text, 'fixed', {revision:UInt64}
FROM (
    SELECT name, text, is_open FROM events FINAL
    ARRAY JOIN `values.name` AS name, `values.text` AS text, `values.is_open` AS is_open
    WHERE product = {product:String}
)
WHERE NOT is_open AND (name, text) NOT IN (SELECT `column`, text FROM vocabulary FINAL
                                           WHERE product = {product:String} AND standing = 'fixed')
