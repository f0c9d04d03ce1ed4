//! Promises about outcomes: every arrival has one, and every answer is right.

use headcount_catalog::Reason;

use super::fixture::{DuplicateAnswer, StoreFixture, append};
use super::shorthand::{commit, outcomes, run, total};
use super::test_event::{SchemaOrder, commit_of};
use crate::RowStatus::{Duplicate, Stored};
use crate::{Commit, OutcomeRow, Refusal, UnstoredCount};

pub(super) fn add_up(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let unstored = vec![
        UnstoredCount::rejected("atomic", Reason::TooOld, 3),
        UnstoredCount::rejected("atomic", Reason::TooOld, 1),
        UnstoredCount::rejected("archon", Reason::Malformed, 2),
        UnstoredCount::refused("atomic", Refusal::Busy, 5),
    ];
    let mixed = commit_of(&[run(1), run(1), run(2)], unstored.clone(), SchemaOrder::FORWARDS);
    append(fixture, &*store, &mixed, &[Stored, Duplicate, Stored]);
    append(fixture, &*store, &Commit { unstored, ..Commit::default() }, &[]);
    drop(store);
    let store = fixture.open();
    append(fixture, &*store, &commit([run(2)]), &[Duplicate]);
    let row = |product: &str, outcome: &str, reason: &str, count| {
        let [product, outcome, reason] = [product, outcome, reason].map(str::to_owned);
        OutcomeRow { product, outcome, reason, count }
    };
    let expected = [
        row("archon", "rejected", "malformed", 4),
        row("atomic", "duplicate", "", 2),
        row("atomic", "refused", "busy", 10),
        row("atomic", "rejected", "too-old", 8),
        row("atomic", "stored", "", 2),
    ];
    assert_eq!(merged(fixture, outcomes(&*store)), merged(fixture, expected.into()));
}

/// A store that finds duplicates later promises only the sum of stored and
/// duplicate.
pub(super) fn merged(fixture: &dyn StoreFixture, mut rows: Vec<OutcomeRow>) -> Vec<OutcomeRow> {
    if fixture.duplicate_answer() == DuplicateAnswer::Exact {
        return rows;
    }
    let is_known = |row: &mut OutcomeRow| {
        row.outcome == "duplicate" || row.reason == Reason::OtherContent.name()
    };
    let duplicates: Vec<_> = rows.extract_if(.., is_known).collect();
    for duplicate in duplicates {
        let stored =
            |row: &&mut OutcomeRow| row.outcome == "stored" && row.product == duplicate.product;
        rows.iter_mut().find(stored).expect("a duplicate was stored before").count +=
            duplicate.count;
    }
    rows
}

pub(super) fn of_nothing(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    append(fixture, &*store, &Commit::default(), &[]);
    assert_eq!(outcomes(&*store), []);
    assert_eq!(total(&*store, "atomic"), 0);
}
