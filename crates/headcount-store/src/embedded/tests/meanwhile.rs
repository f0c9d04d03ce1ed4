//! What happens between two slices of housekeeping: the writer is lost, or more
//! events come.

use std::sync::atomic::{AtomicU64, Ordering};

use headcount_testkit::Home;

use super::naive_store::{DAY, commit_of, policy};
use crate::embedded::open_store::OpenStore;
use crate::embedded::sealing::{self, Sealable as _};
use crate::embedded::writer::DatabaseWriter;
use crate::embedded::writer_slices::WriterSlices;
use crate::{EmbeddedStore, RowStatus, Store, StoreError, examine};

/// Does something before each slice.
struct Meanwhile<'s, F> {
    open: &'s OpenStore,
    slices: AtomicU64,
    before: F,
}

impl<F: Fn(&OpenStore, u64)> WriterSlices for Meanwhile<'_, F> {
    fn with_writer<T>(
        &self,
        slice: impl FnOnce(&mut DatabaseWriter) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        (self.before)(self.open, self.slices.fetch_add(1, Ordering::SeqCst));
        self.open.with_writer(slice)
    }
}

/// Keeps the house of a day that is closed, and returns the number of slices.
fn keep_house(store: &EmbeddedStore, before: impl Fn(&OpenStore, u64)) -> u64 {
    let open = &store.open;
    let meanwhile = Meanwhile { open, slices: AtomicU64::new(0), before };
    let closed = policy(DAY.plus(9));
    // What fails is done the next time.
    let _ = sealing::keep_house(&meanwhile, open.house(), open.file(), &closed);
    meanwhile.slices.into_inner()
}

fn rows(numbers: std::ops::Range<u64>) -> Vec<(u64, u16)> {
    numbers.map(|number| (number, 0)).collect()
}

/// After an error anywhere, the file is read again: runs of fresh rows are then
/// others, and what is being sealed must not be taken for one of them.
#[test]
fn a_writer_that_is_lost_while_events_are_sealed_forgets_no_id() {
    for lost in 0.. {
        let home = Home::new();
        let mut store = EmbeddedStore::open(home.path()).unwrap();
        store.seal_after(4);
        for part in 0..5 {
            store.append(&commit_of(DAY, &rows(part * 3..part * 3 + 3))).unwrap();
        }
        let slices = keep_house(&store, |open, slice| {
            if slice == lost {
                *open.writer.lock().unwrap() = None;
            }
        });
        for _ in 0..2 {
            let again = store.append(&commit_of(DAY, &rows(0..15))).unwrap().concat();
            assert_eq!(again, [RowStatus::Duplicate; 15], "lost before slice {lost}");
            store.keep_house(&policy(DAY.plus(9))).unwrap();
        }
        drop(store);
        let report = examine(home.path()).unwrap();
        assert_eq!((report.events, report.findings), (15, Vec::new()), "slice {lost}");
        assert_eq!(report.blocks, 0, "everything is sealed, also what was lost before {lost}");
        if slices <= lost {
            assert!(lost > 10, "{lost} slices");
            return;
        }
    }
}

#[test]
fn housekeeping_ends_although_more_events_come() {
    let home = Home::new();
    let mut store = EmbeddedStore::open(home.path()).unwrap();
    store.seal_after(1_000);
    store.append(&commit_of(DAY, &rows(0..3))).unwrap();
    let slices = keep_house(&store, |open, slice| {
        assert!(slice < 1_000, "it does not end");
        open.append(&commit_of(DAY, &rows(10 + slice..11 + slice))).unwrap();
    });
    let again = store.append(&commit_of(DAY, &rows(10..10 + slices))).unwrap().concat();
    assert!(again.iter().all(|status| *status == RowStatus::Duplicate));
    assert_eq!(examine(home.path()).unwrap().findings, Vec::<String>::new());
}
