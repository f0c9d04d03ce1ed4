-- The number that stands for the bucket of `value`: that of the embedded store, bit by bit. The exponent of a
-- float and the five bits after it are its bucket, and the middle of it stands for all numbers in it.
multiIf(value < if(is_whole, 1, pow(2, -20)) OR isNaN(value), 0.,
    is_whole AND reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47) + 1, 47))
        - reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47), 47)) <= 1,
    reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47), 47)),
    reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47), 47))
        + (reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47) + 1, 47))
           - reinterpretAsFloat64(bitShiftLeft(bitShiftRight(reinterpretAsUInt64(value), 47), 47)) - is_whole) / 2)
