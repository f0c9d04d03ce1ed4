-- embedded::rollups::import_format_2
INSERT INTO rollup_product (product, events, last_number)
SELECT DISTINCT product, 0, 0 FROM old_rollup_marks;

INSERT INTO rollup_marks (product, period, start, age, version, devices)
SELECT product, period, start, age, 0, devices FROM old_rollup_marks;
