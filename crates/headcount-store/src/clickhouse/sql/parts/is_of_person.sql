-- Whether an event is of the person who is to be erased.
if({is_account:UInt8},
    arrayExists((one, is_account) -> is_account AND one = unhex({pseudonym:String}), `people.pseudonym`, `people.is_account`),
    device_kind > 0 AND device = unhex({pseudonym:String}))
