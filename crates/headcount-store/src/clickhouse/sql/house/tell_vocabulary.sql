-- Gives a row to every value of an open vocabulary that {tellers} devices have told, as long as its column has room:
-- the first to get there come first. A device with an id tells once; one without an id tells with the mark of its
-- day, or with each event in a product that has never had an id or a mark.
INSERT INTO vocabulary
SELECT {product:String}, name, text, 'row', {revision:UInt64}
FROM (
    SELECT c.name AS name, c.text AS text, k.rows AS rows,
        row_number() OVER (PARTITION BY c.name ORDER BY c.reached, c.text) AS place
    FROM (
        SELECT name, text, arraySort(groupArray(first))[{tellers:UInt64}] AS reached
        FROM (
            SELECT name, text, min(arrival) AS first
            FROM (SELECT name, text, device, arrival FROM (@include(told_values)) WHERE device_kind = 1
                  UNION ALL
                  SELECT name, text, device, arrival FROM (@include(told_before)) WHERE device_kind = 1)
            GROUP BY name, text, device
            UNION ALL
            SELECT name, text, arrival AS first
            FROM (@include(told_values))
            WHERE device_kind = 0 AND (bitTest(marks, 0) OR {has_devices:UInt8} = 0)
            UNION ALL
            SELECT name, text, arrival AS first
            FROM (@include(told_before)) ARRAY JOIN range(times) AS nth
            WHERE device_kind = 0
        )
        GROUP BY name, text
        HAVING count() >= {tellers:UInt64}
    ) AS c
    LEFT JOIN (SELECT `column`, count() AS rows FROM vocabulary FINAL
               WHERE product = {product:String} AND standing = 'row' GROUP BY `column`) AS k
    ON c.name = k.`column`
)
WHERE place + rows <= {most:UInt64}
