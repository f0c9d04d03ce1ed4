-- The days of a folder that have been moved.
SELECT product, day, rows, sum FROM moves FINAL WHERE node = {node:UInt32}
