-- Gives a row to every value of an open vocabulary that {tellers} devices have told within the window, as long
-- as its column has room: the first to get there come first. A device with an id tells once; one without
-- an id tells with the mark of its day, or with each event in a product that has never had an id or a mark.
INSERT INTO vocabulary
WITH
    known AS (SELECT `column`, text FROM vocabulary FINAL WHERE product = {product:String} AND standing IN ('fixed', 'row')),
    told AS (
        SELECT name, text, is_open, day, device_kind, device, marks, 18446744073709551615 - rank AS batch
        FROM events FINAL
        ARRAY JOIN `values.name` AS name, `values.text` AS text, `values.is_open` AS is_open
        WHERE product = {product:String} AND day >= {window:Date}
    ),
    candidates AS (
        SELECT name, text, max(day) AS last, arraySort(groupArray(first)) AS firsts
        FROM (
            SELECT name, text, max(day) AS day, min(batch) AS first
            FROM told
            WHERE is_open AND device_kind = 1
            GROUP BY name, text, device
            UNION ALL
            SELECT name, text, day, batch
            FROM told
            WHERE is_open AND device_kind = 0 AND (bitTest(marks, 0) OR {has_devices:UInt8} = 0)
        )
        WHERE (name, text) NOT IN (known) AND text != 'other'
        GROUP BY name, text
        HAVING length(firsts) >= {tellers:UInt64}
    )
SELECT {product:String}, name, text, 'row', last, {revision:UInt64}
FROM (
    SELECT name, text, last,
        row_number() OVER (PARTITION BY name ORDER BY firsts[{tellers:UInt64}], text) AS place,
        (SELECT count() FROM known WHERE `column` = name) AS rows
    FROM candidates
)
WHERE place + rows <= {most:UInt64}
