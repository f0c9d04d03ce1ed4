-- embedded::migration: from format 2 to format 3. The old tables have been renamed before: the
-- migration reads and then drops them.

-- What the codes of blocks mean, as src/block/schema_bytes.rs lays it out.
CREATE TABLE schema (
    number  INTEGER PRIMARY KEY,
    product TEXT    NOT NULL,
    body    BLOB    NOT NULL
) STRICT;

-- New events of one commit, product and day, as src/block.rs lays them out. A number never comes
-- again, also when its block has been deleted.
CREATE TABLE block (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,   -- days since 1970-01-01, here and below
    schema  INTEGER NOT NULL,   -- schema.number
    rows    INTEGER NOT NULL,
    body    BLOB    NOT NULL
) STRICT;

-- The events of these blocks, and of all before them, are in sealed segments.
CREATE TABLE sealed_until (
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    PRIMARY KEY (product, day)
) STRICT, WITHOUT ROWID;

-- The last block whose events are in the tables of rollups.
CREATE TABLE watermark (
    only  INTEGER PRIMARY KEY CHECK (only = 0),
    block INTEGER NOT NULL
) STRICT;

INSERT INTO watermark (only, block) VALUES (0, 0);

-- Where and why events were rejected and properties dropped. Names are those of catalogs.
CREATE TABLE rejected (
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,   -- of arrival
    path    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    catalog INTEGER NOT NULL,
    program TEXT    NOT NULL,   -- empty if the event does not say a version
    count   INTEGER NOT NULL,
    PRIMARY KEY (product, day, path, kind, reason, catalog, program)
) STRICT, WITHOUT ROWID;
