//! Promises about commits that fail.

use headcount_catalog::Reason;

use super::ask::{EVER, active, by, commit, counted, device, outcomes, run, total};
use super::balanced::compare;
use super::model::{Model, anything};
use super::{Chance, Place, append};
use crate::Kept::{Duplicate, Stored};
use crate::{Arrival, Cell, Commit, Tally};

pub(super) fn retry(place: &dyn Place) {
    let store = place.open();
    append(place, &*store, &commit([run(1)]), &[Stored]);
    let word = vec![counted("command", Cell::Word("init"))];
    let fresh = Arrival { device: device(1), columns: word, ..run(2) };
    let tallies = vec![Tally::rejected("atomic", Reason::TooOld, 1)];
    let failing = Commit { arrivals: vec![run(1), fresh], tallies };
    place.break_commits();
    for _ in 0..3 {
        let error = store.append(&failing).expect_err("commits are broken");
        assert!(error.to_string().ends_with('.'), "an error is a sentence: {error}");
    }
    assert_eq!(total(&*store, "atomic"), 1);
    assert_eq!(by(&*store, "command"), []);
    assert_eq!(active(&*store, "atomic", EVER), []);
    assert_eq!(outcomes(&*store).iter().map(|row| row.count).sum::<u64>(), 1);
    place.mend_commits();
    append(place, &*store, &failing, &[Duplicate, Stored]);
    append(place, &*store, &failing, &[Duplicate, Duplicate]);
    assert_eq!(total(&*store, "atomic"), 2);
    assert_eq!(by(&*store, "command").len(), 1);
    assert_eq!(active(&*store, "atomic", EVER).len(), 1);
    assert_eq!(outcomes(&*store).iter().map(|row| row.count).sum::<u64>(), 7);
}

pub(super) fn at_random(place: &dyn Place) {
    let mut chance = Chance::new(6);
    let mut model = Model::default();
    for _ in 0..4 {
        let store = place.open();
        for _ in 0..20 {
            let mut commit = anything(&mut chance);
            // One that is empty would rightly not fail.
            commit.tallies.push(Tally::rejected("atomic", Reason::TooLong, 1));
            for _ in 0..chance.below(3) {
                place.break_commits();
                store.append(&commit).expect_err("commits are broken");
                place.mend_commits();
            }
            append(place, &*store, &commit, &model.append(&commit));
        }
        compare(place, &*store, &model);
    }
}
