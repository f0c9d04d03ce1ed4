//! Sealing in the background: events stay the same, memory stays bounded, and
//! failures are told and tried again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use headcount_testkit::Home;

use super::fuse::{burn_after, mend};
use super::naive_store::{DAY, Model, commit_of};
use crate::contract::SeededRandom;
use crate::embedded::sealing::{House, Sealable, Sealer};
use crate::embedded::writer::DatabaseWriter;
use crate::embedded::writer_slices::WriterSlices;
use crate::{EmbeddedStore, RowStatus, Store, StoreError, examine, limits};

type Told = Arc<Mutex<Vec<String>>>;

fn open(home: &Home, seal_rows: usize) -> (EmbeddedStore, Told) {
    let told = Told::default();
    let log = Arc::clone(&told);
    let log = Arc::new(move |line: &str| log.lock().unwrap().push(line.to_owned()));
    let store = EmbeddedStore::open_with_log(home.path(), log).unwrap();
    store.seal_in_background_after(seal_rows);
    (store, told)
}

#[test]
fn events_are_sealed_while_nobody_keeps_the_house() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(21));
    let (mut store, mut told) = open(&home, 8);
    for round in 0..150 {
        model.append(&store);
        if round % 50 == 20 {
            store.backlog().await_idle();
            model.check(&store);
        }
        if round == 70 {
            drop(store);
            (store, told) = open(&home, 8);
        }
    }
    store.backlog().await_idle();
    model.check(&store);
    model.append_all_again(&store);
    store.backlog().await_idle();
    let fresh: usize = {
        let writer = store.open.writer.lock().unwrap();
        writer.as_ref().unwrap().ids.days().map(|(_, _, ids)| ids.fresh_rows()).sum()
    };
    // Each of 5 products and days has fewer than a segment.
    assert!(fresh < 6 * 8, "{fresh} fresh rows");
    let report = examine(home.path()).unwrap();
    assert_eq!(report.findings, Vec::<String>::new());
    assert!(report.chunks > 0, "{report:?}");
    assert_eq!(report.events, model.len());
    assert_eq!(*told.lock().unwrap(), Vec::<String>::new());
}

/// After a start, ids of sealed events are looked up in the file, until so many
/// come that they are read into memory.
#[test]
fn the_ids_of_a_busy_day_are_read_into_memory() {
    let home = Home::new();
    let rows =
        |numbers: std::ops::Range<u64>| numbers.map(|number| (number, 0)).collect::<Vec<_>>();
    let (store, _) = open(&home, 1_000);
    (0..5).for_each(|part| {
        let part = rows(part * 1_000..(part + 1) * 1_000);
        drop(store.append(&commit_of(DAY, &part)).unwrap());
    });
    store.backlog().await_idle();
    drop(store);
    let (store, told) = open(&home, 100_000);
    let unread = || {
        let writer = store.open.writer.lock().unwrap();
        let ids = &writer.as_ref().unwrap().ids;
        ids.days().map(|(_, _, ids)| ids.unread_rows()).sum::<u64>()
    };
    let again = |part: std::ops::Range<u64>| {
        let known = 5_000u64.saturating_sub(part.start).min(part.end - part.start) as usize;
        let statuses = store.append(&commit_of(DAY, &rows(part))).unwrap().concat();
        assert!(statuses[..known].iter().all(|status| *status == RowStatus::Duplicate));
        assert!(statuses[known..].iter().all(|status| *status == RowStatus::Stored));
    };
    assert_eq!(unread(), 5_000);
    again(4_000..4_000 + limits::LOOKED_UP as u64);
    // Rows are counted only now and then.
    again(20_000..25_000);
    store.backlog().await_idle();
    assert_eq!(unread(), 0);
    again(0..5_000);
    drop(store);
    assert_eq!(examine(home.path()).unwrap().findings, Vec::<String>::new());
    assert_eq!(*told.lock().unwrap(), Vec::<String>::new());
}

/// Many days with few rows each.
#[test]
fn the_largest_day_is_sealed_when_all_together_have_too_many_rows() {
    let home = Home::new();
    let (store, _) = open(&home, 100);
    for day in 0..40 {
        let rows: Vec<_> = (0..20).map(|number| (number, 0)).collect();
        store.append(&commit_of(DAY.plus(day), &rows)).unwrap();
    }
    store.backlog().await_idle();
    let writer = store.open.writer.lock().unwrap();
    let fresh: usize =
        writer.as_ref().unwrap().ids.days().map(|(_, _, ids)| ids.fresh_rows()).sum();
    assert!(fresh < 100 * limits::BACKLOG_WHOLE + 20, "{fresh} fresh rows");
}

#[test]
fn a_failure_is_told_once_and_tried_again() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(22));
    let (store, told) = open(&home, 1_000);
    (0..30).for_each(|_| model.append(&store));
    // `break_commits` breaks outcomes; this breaks segments alone.
    super::outside(home.path())
        .execute_batch(
            "CREATE TRIGGER broken BEFORE INSERT ON sealed_segment
             BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
        )
        .unwrap();
    store.seal_in_background_after(8);
    model.append(&store);
    let failure = store.backlog().await_failure();
    assert!(failure.contains("broken for a test"), "{failure}");
    // Appends go on, more slowly.
    model.append(&store);
    super::outside(home.path()).execute_batch("DROP TRIGGER broken").unwrap();
    store.backlog().await_idle();
    model.check(&store);
    assert!(examine(home.path()).unwrap().chunks > 0);
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("events are not sealed, which is tried again soon:"), "{told:?}");
}

#[test]
fn too_many_events_that_cannot_be_sealed_are_refused() {
    let home = Home::new();
    let (store, _) = open(&home, 10);
    store.backlog().set_bound(10);
    super::outside(home.path())
        .execute_batch(
            "CREATE TRIGGER broken BEFORE INSERT ON sealed_segment
             BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
        )
        .unwrap();
    let mut stored = 0;
    let refused = loop {
        let rows: Vec<_> = (stored..stored + 30).map(|number| (number, 0)).collect();
        match store.append(&commit_of(DAY, &rows)) {
            Ok(_) => stored += 30,
            Err(error) => break error.to_string(),
        }
        assert!(stored < 1_000, "memory is bounded");
    };
    assert!(stored >= 10 * limits::BACKLOG_FULL as u64);
    assert!(refused.contains("events wait to be sealed; sealing fails: "), "{refused}");
    assert_eq!(store.health().unwrap_err().to_string(), refused);
    super::outside(home.path()).execute_batch("DROP TRIGGER broken").unwrap();
    store.backlog().await_idle();
    store.health().unwrap();
    store.append(&commit_of(DAY, &[(5_000, 0)])).unwrap();
}

/// Every write of the background's own work fails once.
#[test]
fn a_failure_at_any_step_in_the_background_changes_nothing() {
    let home = Home::new();
    let mut model = Model::new(SeededRandom::new(23));
    let mut failures = 0;
    for fuse in 8.. {
        let store = EmbeddedStore::open(home.path()).unwrap();
        (0..4).for_each(|_| model.append(&store));
        burn_after(home.path(), fuse);
        store.backlog().retry_after(1);
        store.seal_in_background_after(4);
        let rows: Vec<_> = (0..4).map(|number| (9_000 + fuse as u64 * 8 + number, 0)).collect();
        // It wakes the thread; its own writes are before the fuse.
        store.append(&commit_of(DAY.plus(40), &rows)).unwrap();
        let is_failed = store.backlog().await_end();
        mend(home.path());
        store.backlog().await_idle();
        model.check_until(&store, DAY.plus(39));
        drop(store);
        let report = examine(home.path()).unwrap();
        assert_eq!(report.findings, Vec::<String>::new(), "fuse {fuse}");
        if !is_failed {
            break;
        }
        failures += 1;
    }
    assert!(failures > 3, "{failures} writes failed");
}

/// A store whose writer panics, and then works.
struct PanickingStore {
    file: PathBuf,
    house: House,
    panics: AtomicU32,
    reached: mpsc::SyncSender<()>,
}

impl WriterSlices for PanickingStore {
    fn with_writer<T>(
        &self,
        _: impl FnOnce(&mut DatabaseWriter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let time = self.panics.fetch_add(1, Ordering::SeqCst);
        let _ = self.reached.send(());
        assert!(time > 0, "on purpose");
        Err(StoreError::new("no more"))
    }
}

impl Sealable for PanickingStore {
    fn house(&self) -> &House {
        &self.house
    }

    fn file(&self) -> &Path {
        &self.file
    }
}

#[test]
fn a_panic_is_told_and_does_not_end_the_thread() {
    let home = Home::new();
    drop(EmbeddedStore::open(home.path()).unwrap());
    let (reached, seen) = mpsc::sync_channel(0);
    let house = House::default();
    house.backlog.set_due("atomic", DAY);
    let (file, panics) = (home.path().join("headcount.db"), AtomicU32::new(0));
    let store = Arc::new(PanickingStore { file, house, panics, reached });
    let told = Told::default();
    let log = Arc::clone(&told);
    let log = Arc::new(move |line: &str| log.lock().unwrap().push(line.to_owned()));
    let sealer = Sealer::start(&store, log).unwrap();
    seen.recv().unwrap();
    seen.recv().unwrap();
    drop(seen);
    drop(sealer);
    let told = told.lock().unwrap();
    assert!(told[0].contains("sealing panicked"), "{told:?}");
}
