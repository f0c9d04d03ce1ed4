-- As new_events.sql, of the batches that {nodes} and {lasts} name and no later ones.
SELECT *
FROM events FINAL
PREWHERE @include(is_new) AND batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND (day, id) NOT IN (
    SELECT day, id FROM events
    WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND @include(is_counted)
        AND id IN (SELECT id FROM events
                   WHERE product = {product:String} AND day IN {new_days:Array(Date)} AND @include(is_new)))
