-- Which events with the ids of new ones came with a batch that is counted. This reads the ids of all events of the days.
SELECT day, id FROM events
WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND @include(is_counted)
    AND id IN (SELECT id FROM events
               WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND @include(is_new))
