//! The file as it is created, full disks, and a second process.

use headcount_catalog::Period;
use headcount_testkit::{Home, TestProgram};

use super::super::connection::APPLICATION;
use super::{DAY, EmbeddedStore, Told, commit, event, outside, refusal, total};
use crate::RowStatus::{Duplicate, Stored};
use crate::contract::StoreFixture;
use crate::{
    AnswerRows, Cell, Column, Commit, Counted, DeviceMarks, EventRow, Pseudonym, Question, Store,
};

fn number(store: &EmbeddedStore, pragma: &str) -> i64 {
    let writer = store.writer.lock().unwrap();
    let connection = writer.as_ref().unwrap().connection();
    connection.query_row(&format!("PRAGMA {pragma}"), (), |row| row.get(0)).unwrap()
}

#[test]
fn a_new_file_has_the_settings_that_erasure_needs() {
    let home = Home::new();
    for _ in 0..2 {
        let store = EmbeddedStore::open(home.path()).unwrap();
        assert_eq!(number(&store, "auto_vacuum"), 2, "incremental");
        assert_eq!(number(&store, "secure_delete"), 1);
        assert_eq!(number(&store, "synchronous"), 2, "full");
        assert_eq!(number(&store, "user_version"), 2);
        assert_eq!(number(&store, "application_id"), i64::from(APPLICATION));
        let mode: String =
            outside(home.path()).query_row("PRAGMA journal_mode", (), |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_created() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let data = home.path().join("a/b");
    let store = EmbeddedStore::open(&data).unwrap();
    store.append(&commit([1])).unwrap();
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.clone()), 0o700);
    for name in ["headcount.db", "headcount.db-wal", "headcount.lock"] {
        assert_eq!(mode(data.join(name)), 0o600, "{name}");
    }
}

#[test]
fn a_retry_after_a_full_disk_is_not_a_duplicate() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1])).unwrap();
    let large = commit(10..2_000);
    let pages = number(&store, "page_count");
    number(&store, &format!("max_page_count = {}", pages + 1));
    for _ in 0..2 {
        let error = store.append(&large).unwrap_err();
        assert_eq!(Told::of(&error), Told { storage_full: true, ..Told::default() }, "{error}");
        assert!(error.to_string().contains("headcount.db"), "{error}");
        assert!(error.to_string().contains("free some space"), "{error}");
        assert!(std::error::Error::source(&error).is_some(), "SQLite's own error");
        assert_eq!(total(&store), 1);
    }
    number(&store, "max_page_count = 1000000");
    assert_eq!(store.append(&large).unwrap(), vec![Stored; 1_990]);
    assert_eq!(store.append(&commit([1, 10])).unwrap(), [Duplicate; 2]);
}

#[test]
fn a_writer_that_was_lost_starts_again_from_the_file() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1, 2])).unwrap();
    *store.writer.lock().unwrap() = None;
    assert_eq!(store.append(&commit([2, 3])).unwrap(), [Duplicate, Stored]);
    // A panic while the writer is held: its mutex is poisoned and its memory
    // gone.
    let panicked = std::thread::scope(|scope| {
        let panicking = scope.spawn(|| {
            let open = store.writer.lock().unwrap().take();
            let _poisoning = store.writer.lock().unwrap();
            assert!(open.is_none(), "panics on purpose");
        });
        panicking.join().is_err()
    });
    assert!(panicked);
    assert_eq!(store.append(&commit([3, 4])).unwrap(), [Duplicate, Stored]);
    assert_eq!(total(&store), 4);
}

/// As after a failed sync, the file has a block that is not in memory.
#[test]
fn a_writer_that_disagrees_with_its_file_is_not_used_again() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1])).unwrap();
    let copy = "INSERT INTO block (product, day, rows, body)
                SELECT product, day + 1, rows, body FROM block";
    outside(home.path()).execute_batch(copy).unwrap();
    StoreFixture::break_commits(&home);
    store.append(&commit([2])).unwrap_err();
    assert!(store.writer.lock().unwrap().is_none());
    StoreFixture::mend_commits(&home);
    let tomorrow = EventRow { day: DAY.plus(1), ..event(1) };
    let both = Commit { rows: vec![tomorrow, event(2)], unstored: Vec::new() };
    assert_eq!(store.append(&both).unwrap(), [Duplicate, Stored]);
}

const BACK_TO_FORMAT_1: &str =
    "CREATE TABLE rollup_active (product TEXT NOT NULL, day INTEGER NOT NULL,
         devices INTEGER NOT NULL, PRIMARY KEY (product, day)) STRICT, WITHOUT ROWID;
     INSERT INTO rollup_active SELECT product, start, devices FROM rollup_devices
         WHERE period = 'day';
     DROP TABLE rollup_devices; DROP TABLE rollup_marks; PRAGMA user_version = 1;";

/// Active devices by day, week and month.
fn active(store: &EmbeddedStore) -> Vec<AnswerRows> {
    active_of(store, "atomic")
}

fn active_of(store: &EmbeddedStore, product: &str) -> Vec<AnswerRows> {
    let question = |period| Question::Active {
        product: product.to_owned(),
        period,
        from: DAY.plus(-99),
        to: DAY.plus(99),
    };
    Period::ALL.map(|(period, _)| store.ask(&question(period)).unwrap()).into()
}

/// Format 1 counted devices by day only. A migration that was cut off before
/// it had counted the weeks does so at the next start.
#[test]
fn a_file_of_format_1_gets_its_weeks_and_months() {
    let home = Home::new();
    let of = |id, offset, device| EventRow {
        day: DAY.plus(offset),
        device: Some(Pseudonym::from_bytes([device; 16])),
        ..event(id)
    };
    let store = EmbeddedStore::open(home.path()).unwrap();
    let rows = vec![of(1, 0, 1), of(2, 1, 1), of(3, 8, 1), of(4, 20, 2), of(5, 20, 1), event(6)];
    store.append(&Commit { rows, unstored: Vec::new() }).unwrap();
    let expected = active(&store);
    drop(store);
    outside(home.path()).execute_batch(BACK_TO_FORMAT_1).unwrap();
    let store = EmbeddedStore::open(home.path()).unwrap();
    assert_eq!(active(&store), expected);
    drop(store);
    let cut_off = "DELETE FROM rollup_devices WHERE period <> 'day'";
    outside(home.path()).execute_batch(cut_off).unwrap();
    let store = EmbeddedStore::open(home.path()).unwrap();
    assert_eq!(active(&store), expected);
    store.append(&Commit { rows: vec![of(7, 0, 1)], unstored: Vec::new() }).unwrap();
    assert_eq!(active(&store), expected);
}

/// The migration counts one week or month of one product after the other: none
/// has devices of the one before, of another product, or of the part of a week
/// that is in another month.
#[test]
fn the_weeks_and_months_of_a_migration_are_counted_apart() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let products = ["atomic", "archon", "assembly"];
    // Every device is active every few days, in days that came out of order.
    for offset in (0..60).rev().chain(60..99) {
        let row = |(product, device): (usize, u8)| EventRow {
            product: products[product],
            day: DAY.plus(offset - 50),
            device: Some(Pseudonym::from_bytes([device; 16])),
            ..event(1000 + u128::from(device))
        };
        let is_active = |(product, device): &(usize, u8)| {
            let every = i32::from(*device) + if *product == 0 { 1 } else { 2 };
            offset % every == 0
        };
        let all = (0..2).flat_map(|product| (0..12).map(move |device| (product, device)));
        let mut rows: Vec<EventRow<'_>> = all.filter(is_active).map(row).collect();
        rows.push(EventRow { product: products[2], ..event(1) });
        store.append(&Commit { rows, unstored: Vec::new() }).unwrap();
    }
    let all = |store: &EmbeddedStore| products.map(|product| active_of(store, product));
    let expected = all(&store);
    let rows = |product: usize, period: usize| match &expected[product][period] {
        AnswerRows::Active(rows) => rows.len(),
        other => panic!("asked for devices, answered {other:?}"),
    };
    assert!(rows(0, 1) >= 14 && rows(0, 2) >= 4, "{expected:?}");
    assert_eq!(rows(2, 1), 0, "the third product has no devices");
    drop(store);
    outside(home.path()).execute_batch(BACK_TO_FORMAT_1).unwrap();
    assert_eq!(all(&EmbeddedStore::open(home.path()).unwrap()), expected);
}

/// Raw events go when they are too old. What was counted stays.
#[test]
fn counts_outlive_their_raw_events() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let marks = DeviceMarks { periods: Period::ALL.map(|(period, _)| period).into(), age: None };
    let with_id = EventRow { device: Some(Pseudonym::from_bytes([1; 16])), ..event(1) };
    let rows = vec![with_id, EventRow { marks, ..event(2) }];
    store.append(&Commit { rows, unstored: Vec::new() }).unwrap();
    let expected = active(&store);
    assert!(matches!(&expected[1], AnswerRows::Active(rows) if rows[0].devices == 2));
    drop(store);
    outside(home.path()).execute_batch("DELETE FROM block").unwrap();
    let store = EmbeddedStore::open(home.path()).unwrap();
    assert_eq!(active(&store), expected);
}

#[test]
fn a_second_store_in_the_same_folder_is_refused() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let error = refusal(home.path());
    assert!(error.is_busy() && error.path() == Some(home.path()), "{error}");
    drop(store);
    EmbeddedStore::open(home.path()).unwrap();
}

/// The other process: opens the store if the variable names a data folder.
#[test]
fn opens_from_another_process() {
    if let Some(folder) = std::env::var_os("HEADCOUNT_TEST_OPEN") {
        println!("opened: {:?}", EmbeddedStore::open(folder.as_ref()).err());
    }
}

#[test]
fn a_second_process_is_refused() {
    let home = Home::new();
    let data = home.path().join("data");
    let other = || {
        let program = TestProgram::new(std::env::current_exe().unwrap(), &home)
            .args(["opens_from_another_process", "--nocapture"])
            .env("HEADCOUNT_TEST_OPEN", data.to_str().unwrap());
        program.run().stdout_text()
    };
    let store = EmbeddedStore::open(&data).unwrap();
    let output = other();
    assert!(output.contains("in use by another process"), "{output}");
    drop(store);
    let output = other();
    assert!(output.contains("opened: None"), "{output}");
}

#[test]
fn each_event_returns_every_event_commit_by_commit() {
    let home = Home::new();
    let column = |name, cell| Column { name, cell, counted: Counted::No };
    let full = EventRow {
        device: Some(Pseudonym::from_bytes([3; 16])),
        columns: vec![
            column("n", Cell::Number(-7)),
            column("s", Cell::Seconds(1_768_989_600)),
            column("t", Cell::Texts(vec!["x".into(), "y".into()])),
        ],
        ..event(2)
    };
    let tomorrow = EventRow { day: DAY.plus(1), ..event(3) };
    let store = EmbeddedStore::open(home.path()).unwrap();
    let all = [event(1), full.clone(), tomorrow.clone()];
    store.append(&Commit { rows: all.into(), unstored: Vec::new() }).unwrap();
    store.append(&commit([1, 4])).unwrap();
    drop(store);
    let store = EmbeddedStore::open(home.path()).unwrap();
    let read = |from, to| {
        let mut found = Vec::new();
        let each = |row: &EventRow<'_>| found.push(format!("{row:?}"));
        store.each_event("atomic", from, to, each).unwrap();
        found
    };
    let printed =
        |rows: &[EventRow<'_>]| rows.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
    assert_eq!(read(DAY, DAY), printed(&[event(1), full.clone(), event(4)]));
    assert_eq!(read(DAY.plus(1), DAY.plus(9)), printed(&[tomorrow]));
}
