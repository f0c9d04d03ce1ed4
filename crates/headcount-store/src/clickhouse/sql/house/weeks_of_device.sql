-- The weeks in which a device was there, and whether it is known as an older one or as one that told a value.
SELECT (SELECT arraySort(groupUniqArray(toString(toMonday(day)))) FROM device_days
        WHERE product = {product:String} AND device = unhex({pseudonym:String})),
    (SELECT count() FROM older_devices WHERE product = {product:String} AND device = unhex({pseudonym:String})),
    (SELECT count() FROM tellers WHERE product = {product:String} AND device = unhex({pseudonym:String}))
