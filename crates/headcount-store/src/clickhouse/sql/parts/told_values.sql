-- The values of open vocabularies that raw events tell and that have no row yet.
SELECT name, text, day, device_kind, device, marks, toUInt64(18446744073709551615 - rank) AS arrival
FROM (@include(@source))
ARRAY JOIN `values.name` AS name, `values.text` AS text, `values.is_open` AS is_open
WHERE is_open = 1 AND text != 'other'
    AND (name, text) NOT IN (SELECT `column`, text FROM vocabulary FINAL
                             WHERE product = {product:String} AND standing IN ('fixed', 'row'))
