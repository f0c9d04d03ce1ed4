-- Whether an event is none of {copies}, which new_copies.sql has found.
(toUInt16(day), hex(id)) NOT IN {copies:Array(Tuple(UInt16, String))}
