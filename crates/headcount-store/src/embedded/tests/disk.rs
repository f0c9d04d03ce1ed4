//! The file as it is created, full disks, and a second process.

use headcount_catalog::EventId;
use headcount_testkit::{Home, TestProgram};

use super::super::connection::APPLICATION;
use super::{
    DAY, EmbeddedStore, StoredEvents, Told, append, commit, day_rows, head, of, outside, refusal,
    total,
};
use crate::RowStatus::{Duplicate, Stored};
use crate::contract::StoreFixture;
use crate::{AnswerRows, CellRef, DayRows, Pseudonym, Question, RowDevice, Store};

fn number(store: &EmbeddedStore, pragma: &str) -> i64 {
    let writer = store.open.writer.lock().unwrap();
    let connection = &writer.as_ref().unwrap().connection;
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
        assert_eq!(number(&store, "user_version"), 3);
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
    assert_eq!(append(&store, &large).unwrap(), vec![Stored; 1_990]);
    assert_eq!(append(&store, &commit([1, 10])).unwrap(), [Duplicate; 2]);
}

/// As on a full disk: an operator still sees how arrivals ended.
#[test]
fn outcomes_are_answered_where_counts_cannot_be_written() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1, 2])).unwrap();
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON watermark
                  BEGIN SELECT RAISE(ABORT, 'broken for a test'); END;
                  CREATE TRIGGER broken_too BEFORE UPDATE ON watermark
                  BEGIN SELECT RAISE(ABORT, 'broken for a test'); END";
    outside(home.path()).execute_batch(broken).unwrap();
    assert!(store.ask(&Question::Products).is_err());
    let AnswerRows::Outcomes(rows) = store.ask(&Question::Outcomes).unwrap() else { panic!() };
    assert_eq!(rows.iter().map(|row| row.count).sum::<u64>(), 2);
    outside(home.path()).execute_batch("DROP TRIGGER broken; DROP TRIGGER broken_too").unwrap();
    assert_eq!(total(&store), 2);
}

#[test]
fn a_writer_that_was_lost_starts_again_from_the_file() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1, 2])).unwrap();
    *store.open.writer.lock().unwrap() = None;
    assert_eq!(append(&store, &commit([2, 3])).unwrap(), [Duplicate, Stored]);
    // A panic while the writer is held: its mutex is poisoned and its memory
    // gone.
    let panicked = std::thread::scope(|scope| {
        let panicking = scope.spawn(|| {
            let open = store.open.writer.lock().unwrap().take();
            let _poisoning = store.open.writer.lock().unwrap();
            assert!(open.is_none(), "panics on purpose");
        });
        panicking.join().is_err()
    });
    assert!(panicked);
    assert_eq!(append(&store, &commit([3, 4])).unwrap(), [Duplicate, Stored]);
    assert_eq!(total(&store), 4);
}

/// As after a failed sync, the file has a block that is not in memory.
#[test]
fn a_writer_that_disagrees_with_its_file_is_not_used_again() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    store.append(&commit([1])).unwrap();
    let copy = "INSERT INTO block (product, day, schema, rows, body)
                SELECT product, day + 1, schema, rows, body FROM block";
    outside(home.path()).execute_batch(copy).unwrap();
    StoreFixture::break_commits(&home);
    store.append(&commit([2])).unwrap_err();
    assert!(store.open.writer.lock().unwrap().is_none());
    StoreFixture::mend_commits(&home);
    let both = of(vec![day_rows(DAY.plus(1), [1]), day_rows(DAY, [2])]);
    assert_eq!(append(&store, &both).unwrap(), [Duplicate, Stored]);
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
fn each_rows_returns_every_event_commit_by_commit() {
    let home = Home::new();
    let store = EmbeddedStore::open(home.path()).unwrap();
    let mut today = day_rows(DAY, [1]);
    let device = RowDevice::Ephemeral(Pseudonym::from_bytes([3; 16]));
    let texts = CellRef::Texts(&["x", "y"]);
    let cells = [(2, texts), (0, CellRef::Word(1)), (1, CellRef::Number(-7))];
    today.push(EventId::from_bits(2), head(device), cells);
    append(&store, &of(vec![today, day_rows(DAY.plus(1), [3])])).unwrap();
    append(&store, &commit([1, 4])).unwrap();
    let printed = |found: &mut Vec<String>, rows: &DayRows| {
        for row in rows.named() {
            let cells: Vec<_> = row.cells().collect();
            let (id, weight) = (row.id().bits(), row.head().weight);
            let device = row.head().device != RowDevice::None;
            found.push(format!("{} {} {id} {weight} {device} {cells:?}", row.day(), row.event()));
        }
    };
    let all = [
        "2026-11-20 run 1 1 false []",
        "2026-11-20 run 2 1 true [(\"command\", Text(\"update\")), (\"count\", Number(-7)), \
         (\"models\", Texts([\"x\", \"y\"]))]",
        "2026-11-20 run 4 1 false []",
    ];
    let read = |store: &EmbeddedStore, from, to| {
        let mut found = Vec::new();
        store.each_rows("atomic", from, to, |rows| printed(&mut found, rows)).unwrap();
        found
    };
    assert_eq!(read(&store, DAY, DAY), all);
    // Another process reads while a collector runs.
    let events = StoredEvents::open(home.path()).unwrap();
    let mut found = Vec::new();
    events.each_rows("atomic", DAY, DAY, |rows| printed(&mut found, rows)).unwrap();
    assert_eq!(found, all);
    drop(store);
    let mut found = Vec::new();
    StoredEvents::open(home.path())
        .and_then(|events| events.each_rows("atomic", DAY, DAY, |rows| printed(&mut found, rows)))
        .unwrap();
    assert_eq!(found, all, "while none runs");
    let store = EmbeddedStore::open(home.path()).unwrap();
    assert_eq!(read(&store, DAY, DAY), all);
    let tomorrow = ["2026-11-21 run 3 1 false []"];
    assert_eq!(read(&store, DAY.plus(1), DAY.plus(9)), tomorrow);
}

#[test]
fn a_tool_tells_a_folder_without_a_store() {
    let home = Home::new();
    let error = StoredEvents::open(home.path()).err().unwrap();
    assert!(error.to_string().contains("headcount.db"), "{error}");
    assert!(!home.path().join("headcount.db").exists(), "and creates nothing");
}
