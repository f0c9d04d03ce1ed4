-- embedded::migration: makes room for the tables of format 3.
ALTER TABLE block RENAME TO old_block;
ALTER TABLE rollup_events RENAME TO old_rollup_events;
ALTER TABLE rollup_devices RENAME TO old_rollup_devices;
ALTER TABLE rollup_marks RENAME TO old_rollup_marks;
ALTER TABLE rollup_property RENAME TO old_rollup_property;
ALTER TABLE counted_value RENAME TO old_counted_value;
