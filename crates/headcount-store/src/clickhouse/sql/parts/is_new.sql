-- Whether an event came with a batch that no generation of its day contains, and that is listed. {new_keys} are days
-- and collectors, each as one number, {new_lasts} the last batches that a generation contains, and {new_tops} the last
-- ones that have come.
batch > {new_above:UInt64}
    AND batch > transform(toUInt64(day) * 4294967296 + node,
        {new_keys:Array(UInt64)}, {new_lasts:Array(UInt64)}, toUInt64(18446744073709551615))
    AND batch <= transform(toUInt64(day) * 4294967296 + node,
        {new_keys:Array(UInt64)}, {new_tops:Array(UInt64)}, toUInt64(0))
