//! Files that are not what they should be, and errors that a caller can tell
//! apart.

use std::fs;
use std::time::Duration;

use headcount_testkit::Home;

use super::{EmbeddedStore, Told, commit, outside, refusal};
use crate::{Store, StoreError};

#[track_caller]
fn assert_says(error: &StoreError, parts: &[&str]) {
    let message = error.to_string();
    for part in parts.iter().chain(&["headcount.db"]) {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
    assert!(!message.ends_with('.'), "{message}");
    assert!(error.path().is_some_and(|path| path.ends_with("headcount.db")), "{message}");
}

#[test]
fn a_database_that_is_a_folder_is_an_error() {
    let home = Home::new();
    fs::create_dir(home.path().join("headcount.db")).unwrap();
    assert_says(&refusal(home.path()), &["cannot open", "permissions"]);
}

#[test]
fn a_file_that_is_not_a_database_is_left_alone() {
    let home = Home::new();
    let text = "This is somebody's diary, not a database. ".repeat(300);
    home.write("headcount.db", &text);
    let error = refusal(home.path());
    assert_says(&error, &["not a database", "choose another data folder"]);
    assert_eq!(Told::of(&error), Told { damaged: true, ..Told::default() });
    assert_eq!(home.read("headcount.db"), text);
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let home = Home::new();
    outside(home.path()).execute_batch("CREATE TABLE diary (page TEXT)").unwrap();
    let error = refusal(home.path());
    assert_says(&error, &["of another program", "choose another data folder"]);
    assert_eq!(Told::of(&error), Told::default());
    let tables = "SELECT count(*) FROM sqlite_schema";
    let count: i64 = outside(home.path()).query_row(tables, (), |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[test]
fn a_newer_format_is_refused() {
    let home = Home::new();
    drop(EmbeddedStore::open(home.path()).unwrap());
    outside(home.path()).execute_batch("PRAGMA user_version = 4").unwrap();
    let error = refusal(home.path());
    assert_says(&error, &["format 4", "reads up to format 3", "newer version"]);
    assert_eq!(Told::of(&error), Told { newer_format: true, ..Told::default() });
}

#[test]
fn a_flipped_bit_in_a_block_is_found_at_the_start() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..10)).unwrap();
    store.append(&commit(10..20)).unwrap();
    drop(store);
    let flip =
        "UPDATE block SET body = CAST(substr(body, 1, 80) || x'ff' || substr(body, 82) AS BLOB)
                WHERE number = 2";
    outside(home.path()).execute_batch(flip).unwrap();
    let error = refusal(home.path());
    assert_says(&error, &["block 2", "checksum does not match", "from a backup"]);
    assert_eq!(Told::of(&error), Told { damaged: true, ..Told::default() });
}

#[test]
fn a_block_with_another_number_of_rows_is_found_at_the_start() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..10)).unwrap();
    drop(store);
    outside(home.path()).execute_batch("UPDATE block SET rows = 9").unwrap();
    assert_says(&refusal(home.path()), &["block 1", "number of rows"]);
}

#[test]
fn a_file_that_was_cut_off_is_damaged() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit(0..3_000)).unwrap();
    drop(store);
    let path = home.path().join("headcount.db");
    let length = fs::metadata(&path).unwrap().len();
    fs::File::options().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    let error = refusal(home.path());
    assert_says(&error, &["cannot", "restore the file from a backup"]);
    assert_eq!(Told::of(&error), Told { damaged: true, ..Told::default() });
}

/// Another program that writes to the file, such as an operator's own
/// `sqlite3`.
#[test]
fn a_locked_file_is_busy() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let writer = store.open.writer.lock().unwrap();
    let connection = &writer.as_ref().unwrap().connection;
    connection.busy_timeout(Duration::from_millis(1)).unwrap();
    drop(writer);
    let other = outside(home.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.append(&commit([1])).unwrap_err();
    assert_says(&error, &["cannot commit to", "close the other program"]);
    assert_eq!(Told::of(&error), Told { busy: true, ..Told::default() });
    other.execute_batch("ROLLBACK").unwrap();
    store.append(&commit([1])).unwrap();
}

/// Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn an_error_of_another_store_is_told_apart_by_its_source() {
    use std::io::Write as _;
    let full = fs::File::options().write(true).open("/dev/full");
    let source = full.unwrap().write_all(b"x").unwrap_err();
    let error = StoreError::with_source("cannot write to the spool; free some space", source);
    assert_eq!(error.to_string(), "cannot write to the spool; free some space");
    assert_eq!(Told::of(&error), Told { storage_full: true, ..Told::default() });
    assert_eq!(Told::of(&StoreError::new("cannot reach the cluster")), Told::default());
}
