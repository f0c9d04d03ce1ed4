-- embedded::migration: from format 2 to format 3, sealed events as src/sealed.rs lays them out.

-- Rows of one product, day and schema, sorted by id.
CREATE TABLE sealed_segment (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    schema  INTEGER NOT NULL,   -- schema.number
    rows    INTEGER NOT NULL,
    counts  INTEGER NOT NULL    -- 1; 0 while it is written and while it is deleted
) STRICT;

CREATE INDEX sealed_segment_day ON sealed_segment (product, day);

-- Everything but the ids.
CREATE TABLE sealed_chunk (
    number   INTEGER PRIMARY KEY,
    segment  INTEGER NOT NULL,
    first_id BLOB    NOT NULL,   -- 16 bytes, here and below
    last_id  BLOB    NOT NULL,
    rows     INTEGER NOT NULL,
    body     BLOB    NOT NULL
) STRICT;

CREATE INDEX sealed_chunk_first ON sealed_chunk (segment, first_id);

-- The ids and content hashes, a page each. No page is of two chunks.
CREATE TABLE sealed_ids (
    number   INTEGER PRIMARY KEY,
    segment  INTEGER NOT NULL,
    first_id BLOB    NOT NULL,
    rows     INTEGER NOT NULL,
    body     BLOB    NOT NULL
) STRICT;

CREATE INDEX sealed_ids_first ON sealed_ids (segment, first_id);

-- Raw events that were stored and are not there any more.
CREATE TABLE gone_events (
    product TEXT    NOT NULL,
    why     TEXT    NOT NULL,   -- erased or expired
    day     INTEGER NOT NULL,   -- of the events
    count   INTEGER NOT NULL,
    PRIMARY KEY (product, why, day)
) STRICT, WITHOUT ROWID;

-- Erasures that have begun. One that is not finished when the store opens goes on then.
CREATE TABLE erasure (
    product   TEXT NOT NULL,
    person    TEXT NOT NULL,    -- device or account
    pseudonym BLOB NOT NULL,
    PRIMARY KEY (product, person, pseudonym)
) STRICT, WITHOUT ROWID;
