-- The ids of a person's events that other events have, too.
SELECT DISTINCT toUInt16(day), hex(id) FROM events
WHERE product = {product:String} AND NOT (@include(is_of_person))
    AND (day, id) IN (SELECT day, id FROM (@include(events_of_person)))
