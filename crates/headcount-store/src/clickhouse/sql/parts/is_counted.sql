-- Whether an event came with a batch that a generation of its day contains: {old_keys} and {old_lasts} are as those
-- of is_new.sql. What came with a batch that is not listed yet is neither new nor counted.
batch <= transform(toUInt64(day) * 4294967296 + node, {old_keys:Array(UInt64)}, {old_lasts:Array(UInt64)}, toUInt64(0))
