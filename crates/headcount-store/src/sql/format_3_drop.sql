-- embedded::migration: everything in these tables is in those of format 3 now, or is counted again
-- from the blocks.
DROP TABLE old_block;
DROP TABLE old_rollup_events;
DROP TABLE old_rollup_devices;
DROP TABLE old_rollup_marks;
DROP TABLE old_rollup_property;
DROP TABLE old_counted_value;
