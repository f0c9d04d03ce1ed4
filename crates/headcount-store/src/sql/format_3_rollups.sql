CREATE TABLE rollup_events (
    product TEXT    NOT NULL,
    day     INTEGER NOT NULL,
    event   TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (product, day, event)
) STRICT, WITHOUT ROWID;
