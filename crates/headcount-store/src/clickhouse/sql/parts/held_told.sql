-- The generations that an answer is made of, as the snapshot says.
SELECT arrayJoin({held:Array(Tuple(UInt16, UInt64))})
