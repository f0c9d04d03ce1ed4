-- An erasure, and how far it has come.
INSERT INTO erasures
SELECT {number:UInt64}, {product:String}, {is_account:UInt8}, unhex({pseudonym:String}), {is_kept:UInt8}, {events:UInt64},
    {nodes:Array(UInt32)}, {lasts:Array(UInt64)}
