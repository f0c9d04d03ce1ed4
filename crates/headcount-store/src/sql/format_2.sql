-- embedded::connection::FORMATS: from format 1 to format 2.

-- Distinct devices by their ids, in a day, a week and a month. The weeks and months of a file that
-- had format 1 are counted when it opens, from its blocks.
CREATE TABLE rollup_devices (
    product TEXT    NOT NULL,
    period  TEXT    NOT NULL,   -- day, week or month
    start   INTEGER NOT NULL,   -- its first day
    devices INTEGER NOT NULL,
    PRIMARY KEY (product, period, start)
) STRICT, WITHOUT ROWID;

INSERT INTO rollup_devices (product, period, start, devices)
SELECT product, 'day', day, devices FROM rollup_active;

DROP TABLE rollup_active;

-- Devices without an id, by the marks of their events.
CREATE TABLE rollup_marks (
    product TEXT    NOT NULL,
    period  TEXT    NOT NULL,
    start   INTEGER NOT NULL,
    age     TEXT    NOT NULL,   -- in weeks: 0, 1, 2-3, 4-7, 8+; empty if the event does not say
    devices INTEGER NOT NULL,
    PRIMARY KEY (product, period, start, age)
) STRICT, WITHOUT ROWID;
