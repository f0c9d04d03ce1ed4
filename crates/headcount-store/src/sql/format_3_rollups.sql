-- embedded::migration: from format 2 to format 3, the rollups.

-- Texts of a product by number: names of events (with an empty column), words, versions, tokens. A
-- number never comes again. One that is not here stands for a value that is counted as "other".
CREATE TABLE rollup_value (
    product   TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    "column"  TEXT    NOT NULL,
    text      TEXT    NOT NULL,
    standing  INTEGER NOT NULL,     -- 0 fixed, 1 has a row, 2 candidate, 3 had a row and is not told any more
    last      INTEGER,              -- the last day on which it was told, unless its standing is 0
    tellers   BLOB,                 -- the devices that told a candidate
    PRIMARY KEY (product, number)
) STRICT, WITHOUT ROWID;

-- What is counted.
CREATE TABLE rollup_series (
    number   INTEGER PRIMARY KEY,
    product  TEXT    NOT NULL,
    kind     INTEGER NOT NULL,      -- embedded::rollups::series::SeriesKind
    event    TEXT    NOT NULL,
    one      TEXT    NOT NULL,      -- a column, or empty
    other    TEXT    NOT NULL,
    UNIQUE (product, kind, event, one, other)
) STRICT;

-- The counts of one series and day. The rows of a day lie side by side, because they are inserted
-- together, and so do the index entries of a series.
CREATE TABLE rollup_cells (
    number INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    body   BLOB    NOT NULL,        -- embedded::rollups::cells
    UNIQUE (series, day)
) STRICT;

-- Each product that has or had events.
CREATE TABLE rollup_product (
    product     TEXT    PRIMARY KEY,
    events      INTEGER NOT NULL,   -- since the first day, also of days whose counts are gone
    last_number INTEGER NOT NULL    -- the highest number that a value ever had
) STRICT, WITHOUT ROWID;

-- Devices without an id, by the marks of their events.
CREATE TABLE rollup_marks (
    product TEXT    NOT NULL,
    period  TEXT    NOT NULL,       -- day, week or month
    start   INTEGER NOT NULL,
    age     TEXT    NOT NULL,       -- in weeks: 0, 1, 2-3, 4-7, 8+; empty if the event does not say
    version INTEGER NOT NULL,       -- rollup_value.number; 0 if there is none
    devices INTEGER NOT NULL,
    PRIMARY KEY (product, period, start, age, version)
) STRICT, WITHOUT ROWID;

-- Pseudonyms of devices by slot, 256 a page.
CREATE TABLE device_page (
    number  INTEGER PRIMARY KEY,
    product TEXT    NOT NULL,
    page    INTEGER NOT NULL,
    body    BLOB    NOT NULL,       -- embedded::rollups::device_table
    UNIQUE (product, page)
) STRICT;

-- The slots of the devices of a day whose raw events live, as roaring bitmaps.
CREATE TABLE device_set (
    number  INTEGER PRIMARY KEY,
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    version INTEGER NOT NULL,       -- rollup_value.number, 0 none; -1 all, -2 not counted, -3 older than the oldest day
    weight  INTEGER NOT NULL,
    piece   INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    UNIQUE (product, day, version, weight, piece)
) STRICT;

-- Devices of a period of which a day has expired.
CREATE TABLE rollup_period (
    product  TEXT    NOT NULL,
    period   TEXT    NOT NULL,
    start    INTEGER NOT NULL,
    version  INTEGER NOT NULL,      -- -1 all
    weight   INTEGER NOT NULL,
    devices  INTEGER NOT NULL,      -- exact, when the first day of it expired
    estimate REAL    NOT NULL,      -- what the sketch said then
    late     INTEGER NOT NULL,      -- 1 if a device came later
    sketch   BLOB    NOT NULL,      -- embedded::rollups::sketch; empty for a day
    PRIMARY KEY (product, period, start, version, weight)
) STRICT, WITHOUT ROWID;

-- Devices by the week of their first event, for cohorts of which a day has expired.
CREATE TABLE rollup_cohort (
    product TEXT    NOT NULL,
    cohort  INTEGER NOT NULL,       -- a Monday
    week    INTEGER NOT NULL,       -- a Monday
    devices INTEGER NOT NULL,
    PRIMARY KEY (product, cohort, week)
) STRICT, WITHOUT ROWID;
