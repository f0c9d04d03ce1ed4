-- Kept numbers of devices go with the last day of their period whose counts do.
ALTER TABLE kept_devices DELETE WHERE product = {product:String} AND start < @include(first_of_period)
SETTINGS mutations_sync = 2
