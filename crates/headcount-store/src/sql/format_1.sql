-- embedded::connection::FORMATS: from nothing to format 1.

-- The events of one commit, product and day, as src/block.rs lays them out.
CREATE TABLE block (
    number  INTEGER PRIMARY KEY,
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,   -- days since 1970-01-01, here and below
    rows    INTEGER NOT NULL,
    body    BLOB    NOT NULL
) STRICT;

-- Events by name.
CREATE TABLE rollup_events (
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (product, day, event)
) STRICT, WITHOUT ROWID;

-- Distinct devices.
CREATE TABLE rollup_active (
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    devices INTEGER NOT NULL,
    PRIMARY KEY (product, day)
) STRICT, WITHOUT ROWID;

-- The values that rollup_property counts, each once over all days.
CREATE TABLE counted_value (
    number   INTEGER PRIMARY KEY,
    product  TEXT NOT NULL,
    event    TEXT NOT NULL,
    property TEXT NOT NULL,
    value    TEXT NOT NULL,
    UNIQUE (product, event, property, value)
) STRICT;

-- Events by value. The day comes first, so that a commit touches a few neighbouring pages.
CREATE TABLE rollup_property (
    day   INTEGER NOT NULL,
    value INTEGER NOT NULL,     -- counted_value.number
    count INTEGER NOT NULL,
    PRIMARY KEY (day, value)
) STRICT, WITHOUT ROWID;

-- How every arrival has ended.
CREATE TABLE outcome (
    product TEXT    NOT NULL,
    outcome TEXT    NOT NULL,   -- stored, duplicate, rejected or refused
    reason  TEXT    NOT NULL,   -- empty for the first two
    count   INTEGER NOT NULL,
    PRIMARY KEY (product, outcome, reason)
) STRICT, WITHOUT ROWID;
