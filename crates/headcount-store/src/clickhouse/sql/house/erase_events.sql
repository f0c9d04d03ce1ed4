-- Erases a person from one week: count_erased.sql says which weeks have events of theirs. With them go other events of
-- their ids, which were rejected and must not take their place. A mutation rewrites the parts that have such an event
-- and no others, and with mutations_sync = 2 it has been done everywhere when it returns. A lightweight DELETE would
-- only hide the rows until the next merge.
ALTER TABLE @events @on_cluster DELETE IN PARTITION {week:String}
WHERE product = {product:String} AND ((@include(is_of_person)) OR (toUInt16(day), hex(id)) IN {copies:Array(Tuple(UInt16, String))})
    AND batch <= {lasts:Array(UInt64)}[indexOf({nodes:Array(UInt32)}, node)]
SETTINGS mutations_sync = 2
