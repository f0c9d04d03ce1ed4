//! Promises about the books: every arrival has one outcome, and every answer is right.

use headcount_catalog::Reason;

use super::ask::{ask, commit, outcomes, run, total};
use super::model::{Model, anything};
use super::{Chance, Duplicates, Place, append};
use crate::Kept::{Duplicate, Stored};
use crate::{Commit, OutcomeRow, Question, Refusal, Store, Tally};

pub(super) fn outcomes_add_up(place: &dyn Place) {
    let store = place.open();
    let tallies = vec![
        Tally::rejected("atomic", Reason::TooOld, 3),
        Tally::rejected("atomic", Reason::TooOld, 1),
        Tally::rejected("archon", Reason::Malformed, 2),
        Tally::refused("atomic", Refusal::Busy, 5),
    ];
    let mixed = Commit { arrivals: vec![run(1), run(1), run(2)], tallies: tallies.clone() };
    append(place, &*store, &mixed, &[Stored, Duplicate, Stored]);
    append(place, &*store, &Commit { arrivals: Vec::new(), tallies }, &[]);
    drop(store);
    let store = place.open();
    append(place, &*store, &commit([run(2)]), &[Duplicate]);
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
    assert_eq!(merged(place, outcomes(&*store)), merged(place, expected.into()));
}

/// Where duplicates are found out later, only the sum of stored and duplicate is promised.
fn merged(place: &dyn Place, mut rows: Vec<OutcomeRow>) -> Vec<OutcomeRow> {
    if place.duplicates() == Duplicates::Told {
        return rows;
    }
    let duplicates: Vec<_> = rows.extract_if(.., |row| row.outcome == "duplicate").collect();
    for duplicate in duplicates {
        let stored =
            |row: &&mut OutcomeRow| row.outcome == "stored" && row.product == duplicate.product;
        rows.iter_mut().find(stored).expect("what is doubled was stored").count += duplicate.count;
    }
    rows
}

pub(super) fn nothing(place: &dyn Place) {
    let store = place.open();
    append(place, &*store, &Commit::default(), &[]);
    assert_eq!(outcomes(&*store), []);
    assert_eq!(total(&*store, "atomic"), 0);
}

pub(super) fn at_random(place: &dyn Place) {
    let mut chance = Chance::new(5);
    let mut model = Model::default();
    let mut arrived = 0;
    for _ in 0..8 {
        let store = place.open();
        for _ in 0..12 {
            let commit = anything(&mut chance);
            arrived += commit.arrivals.len() as u64;
            arrived += commit.tallies.iter().map(|tally| tally.count).sum::<u64>();
            append(place, &*store, &commit, &model.append(&commit));
        }
        compare(place, &*store, &model);
        let ended: u64 = outcomes(&*store).iter().map(|row| row.count).sum();
        assert_eq!(ended, arrived, "the sum of outcomes is the sum of arrivals");
    }
}

/// Asks everything of both.
pub(super) fn compare(place: &dyn Place, store: &dyn Store, model: &Model) {
    for question in Model::questions() {
        let (answer, expected) = (ask(store, &question), model.ask(&question));
        if question == Question::Outcomes {
            let rows = |answer| match answer {
                crate::Answer::Outcomes(rows) => merged(place, rows),
                other => panic!("asked for outcomes, answered {other:?}"),
            };
            assert_eq!(rows(answer), rows(expected));
        } else {
            assert_eq!(answer, expected, "{question:?}");
        }
    }
}
