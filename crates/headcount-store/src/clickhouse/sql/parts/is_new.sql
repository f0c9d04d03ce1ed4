-- Whether an event came with a batch that no generation of its day contains. {new_keys} are days and collectors,
-- each as one number, and {new_lasts} the last batches that a generation contains.
batch > {new_above:UInt64} AND batch > transform(toUInt64(day) * 4294967296 + node,
    {new_keys:Array(UInt64)}, {new_lasts:Array(UInt64)}, toUInt64(18446744073709551615))
