//! What the suite needs of a store under test.

use crate::{Commit, DayRows, RowStatus, Store};

/// Where one store under test keeps its data, such as an empty folder or an
/// empty database.
pub trait StoreFixture {
    /// Opens the store, with everything that an earlier one acknowledged here.
    /// The suite has one open at a time.
    fn open(&self) -> Box<dyn Store>;

    /// Makes every commit fail from now on, as late in the commit as can be
    /// arranged.
    fn break_commits(&self);

    /// Lets commits succeed again, without another [`open`](Self::open).
    fn mend_commits(&self);

    /// Ends the store as a crash would: without the chance to write anything
    /// more. A fixture that cannot do that lets it drop.
    fn crash(&self, store: Box<dyn Store>) {
        drop(store);
    }

    /// What an append returns for a duplicate.
    fn duplicate_answer(&self) -> DuplicateAnswer {
        DuplicateAnswer::Exact
    }
}

/// What an append returns for a duplicate, or for another event with its id. In
/// either case no question may count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateAnswer {
    /// Always [`RowStatus::Duplicate`] or [`RowStatus::OtherContent`].
    Exact,
    /// Perhaps [`RowStatus::Stored`]: another machine finds the duplicate
    /// later.
    PerhapsStored,
}

/// Appends, and compares the result with that of an exact store.
pub(super) fn append(
    fixture: &dyn StoreFixture,
    store: &dyn Store,
    commit: &Commit,
    expected: &[RowStatus],
) {
    let lists = store.append(commit).expect("commits are not broken now");
    let lengths: Vec<_> = lists.iter().map(Vec::len).collect();
    let rows: Vec<_> = commit.rows.iter().map(DayRows::len).collect();
    assert_eq!(lengths, rows, "one status a row");
    let statuses = lists.concat();
    assert_eq!(statuses.len(), expected.len(), "one status a row");
    for (nth, (status, expected)) in statuses.iter().zip(expected).enumerate() {
        let is_lenient = fixture.duplicate_answer() == DuplicateAnswer::PerhapsStored;
        let fits = status == expected || (is_lenient && *expected != RowStatus::Stored);
        assert!(fits, "row {nth} must be {expected:?}, and is {status:?}");
    }
}
