//! What an examination of the books finds: nothing in a sound store, and a
//! sentence about everything that is wrong.

use std::fs;
use std::path::Path;

use headcount_testkit::Home;
use rusqlite::Connection;

use super::naive_store::{DAY, Model, device, policy};
use crate::contract::SeededRandom;
use crate::{EmbeddedStore, Erasure, Store, examine};

/// A store with sealed events of several segments, and fresh ones.
fn store(home: &Home) -> Model {
    let mut store = EmbeddedStore::open(home.path()).unwrap();
    let mut model = Model::new(SeededRandom::new(11));
    store.seal_after(40);
    for day in [2, 0, 0] {
        (0..8).for_each(|_| model.append(&store));
        store.keep_house(&policy(DAY.plus(day))).unwrap();
    }
    (0..3).for_each(|_| model.append(&store));
    model
}

fn findings(folder: &Path) -> Vec<String> {
    examine(folder).unwrap().findings
}

#[test]
fn a_sound_store_has_no_findings() {
    let home = Home::new();
    assert!(examine(home.path()).is_err(), "there is no store yet");
    let mut model = store(&home);
    let report = examine(home.path()).unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert!(report.blocks > 0 && report.chunks > 0 && report.events > 0, "{report:?}");
    assert_eq!(report.events, model.len());
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.erase("atomic", Erasure::Device(device(1))).unwrap();
    model.erase(device(1));
    store.keep_house(&policy(DAY.plus(91))).unwrap();
    model.expire(DAY.plus(1));
    model.append(&store);
    // While the store is open, too.
    let report = examine(home.path()).unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert_eq!(report.events, model.len());
}

/// An erasure that cannot be finished, as its events cannot be read, keeps
/// neither other erasures nor expiry from what is due.
#[test]
fn a_damaged_chunk_stops_its_own_erasure_alone() {
    let home = Home::new();
    store(&home);
    let connection = Connection::open(home.path().join("headcount.db")).unwrap();
    let cut = "UPDATE sealed_chunk SET body = substr(body, 1, 40) WHERE length(body) > 40";
    assert!(connection.execute(cut, ()).unwrap() > 0);
    drop(connection);
    let store = EmbeddedStore::open(home.path()).unwrap();
    let erase = |product| store.erase(product, Erasure::Device(device(1)));
    let error = erase("atomic").unwrap_err().to_string();
    assert!(error.contains("cannot read sealed chunk"), "{error}");
    assert_eq!(erase("other").unwrap(), 0);
    let error = store.keep_house(&policy(DAY.plus(10))).unwrap_err().to_string();
    assert!(error.contains("cannot read sealed chunk"), "{error}");
    // With the last of its days the damage goes, and the erasure is finished.
    let report = store.keep_house(&policy(DAY.plus(200))).unwrap();
    assert!(report.expired > 0, "{report:?}");
    assert_eq!(erase("atomic").unwrap(), 0);
    drop(store);
    assert_eq!(findings(home.path()), Vec::<String>::new());
}

/// Changes the file with SQL, and returns the only finding.
fn after(sql: &str) -> String {
    let home = Home::new();
    store(&home);
    let connection = Connection::open(home.path().join("headcount.db")).unwrap();
    assert!(connection.execute(sql, ()).unwrap() > 0, "{sql}");
    drop(connection);
    let found = findings(home.path());
    assert!(!found.is_empty(), "nothing was found: {sql}");
    for finding in &found {
        let is_sentence = finding.chars().next().is_some_and(|first| !first.is_lowercase());
        assert!(is_sentence && finding.ends_with('.'), "{finding}");
    }
    found.join("\n")
}

/// Changes a byte of the first body of a table, and returns the findings.
fn flipped(table: &str, place: usize, byte: u8) -> String {
    let home = Home::new();
    store(&home);
    let connection = Connection::open(home.path().join("headcount.db")).unwrap();
    let first = format!("rowid = (SELECT min(rowid) FROM {table})");
    let sql = format!("SELECT body FROM {table} WHERE {first}");
    let mut body: Vec<u8> = connection.query_row(&sql, (), |row| row.get(0)).unwrap();
    body[place] ^= byte;
    connection.execute(&format!("UPDATE {table} SET body = ?1 WHERE {first}"), (body,)).unwrap();
    drop(connection);
    findings(home.path()).join("\n")
}

#[test]
fn every_kind_of_damage_has_a_sentence() {
    let contains = |sql: &str, expected: &str| {
        let found = after(sql);
        assert!(found.contains(expected), "{sql}: {found}");
    };
    for (table, expected) in [
        ("block", "Cannot read block"),
        ("sealed_chunk", "Cannot read sealed chunk"),
        ("sealed_ids", "the checksum does not match"),
        ("schema", "Cannot read schema"),
    ] {
        let found = flipped(table, 20, 4);
        assert!(found.contains(expected), "{table}: {found}");
    }
    let found = flipped("sealed_chunk", 3, 8);
    assert!(found.contains("a newer version of Headcount wrote it"), "{found}");
    contains(
        "UPDATE sealed_chunk SET body = substr(body, 1, 40) WHERE length(body) > 40",
        "Cannot read sealed chunk",
    );
    contains("UPDATE sealed_chunk SET rows = rows + 1", "the number of rows");
    contains("UPDATE sealed_segment SET rows = rows + 1 WHERE counts = 1", "should have");
    contains("UPDATE block SET rows = rows + 1", "another number of rows");
    contains(
        "DELETE FROM sealed_chunk WHERE number = (SELECT max(number) FROM sealed_chunk)",
        "and its chunks have 0",
    );
    contains("DELETE FROM sealed_segment", "belong to no segment");
    contains("DELETE FROM block", "were acknowledged as stored");
    contains("UPDATE outcome SET count = count + 1 WHERE outcome = 'stored'", "were acknowledged");
    contains("DELETE FROM device_page", "that the table of devices does not have");
}

/// Counts that are not those of the raw events.
#[test]
fn a_wrong_count_is_found_by_product_and_day() {
    let contains = |sql: &str, expected: &str| {
        let found = after(sql);
        assert!(found.contains(expected), "{sql}: {found}");
    };
    // The events of a day that has those of another one.
    contains(
        "UPDATE rollup_cells SET body = (SELECT body FROM rollup_cells AS other
             WHERE other.series = rollup_cells.series AND other.day = rollup_cells.day + 1)
         WHERE day = 20777 AND series = (SELECT number FROM rollup_series
             WHERE product = 'atomic' AND kind = 0)",
        "The counts of atomic on 2026-11-20 are wrong: event `",
    );
    contains("DELETE FROM rollup_cells WHERE day = 20778", "on 2026-11-21 are wrong: event `");
    contains("DELETE FROM rollup_cells WHERE day = 20778", "was counted 0 times, and raw events");
    contains(
        "UPDATE rollup_value SET text = 'walk' WHERE text = 'run'",
        "event `run` was counted 0",
    );
}

#[test]
fn an_id_that_is_there_twice_is_found() {
    let found = after(
        "INSERT INTO block (product, day, schema, rows, body)
         SELECT product, day, schema, rows, body FROM block",
    );
    assert!(found.contains("are there twice"), "{found}");
}

/// A bit flips on the disk, within what a chunk, a page of ids and a block
/// have.
#[test]
fn a_flipped_bit_in_the_file_is_found() {
    for table in ["sealed_chunk", "sealed_ids", "block"] {
        let home = Home::new();
        store(&home);
        let file = home.path().join("headcount.db");
        let connection = Connection::open(&file).unwrap();
        let sql = format!("SELECT body FROM {table} ORDER BY rowid DESC LIMIT 1");
        let body: Vec<u8> = connection.query_row(&sql, (), |row| row.get(0)).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
        drop(connection);
        let mut bytes = fs::read(&file).unwrap();
        let wanted = &body[body.len() - 24..];
        let place = bytes.windows(24).position(|window| window == wanted).unwrap();
        bytes[place + 5] ^= 4;
        fs::write(&file, bytes).unwrap();
        assert!(!findings(home.path()).is_empty(), "{table}");
    }
}

#[test]
fn a_file_that_was_cut_is_found() {
    let home = Home::new();
    store(&home);
    let file = home.path().join("headcount.db");
    let length = fs::metadata(&file).unwrap().len();
    for part in [length - 4_096, length / 2, 5_000, 100] {
        fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(part).unwrap();
        match examine(home.path()) {
            Ok(report) => assert!(!report.findings.is_empty(), "cut to {part}"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn a_newer_file_is_not_examined() {
    let home = Home::new();
    store(&home);
    let connection = Connection::open(home.path().join("headcount.db")).unwrap();
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(connection);
    let error = examine(home.path()).unwrap_err();
    assert!(error.is_newer_format(), "{error}");
    fs::write(home.path().join("headcount.db"), "not a database, but long enough to be one")
        .unwrap();
    assert!(examine(home.path()).is_err());
}
