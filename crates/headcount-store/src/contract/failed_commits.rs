//! Promises about commits that fail.

use headcount_catalog::Reason;

use super::fixture::{StoreFixture, append};
use super::model::{Model, random_commit};
use super::outcomes::compare;
use super::seeded_random::SeededRandom;
use super::shorthand::{
    EVER, TestCell, TestEvent, active, by, commit, device, outcomes, run, total,
};
use super::test_event::{SchemaOrder, commit_of};
use crate::RowStatus::{Duplicate, Stored};
use crate::UnstoredCount;

pub(super) fn retry(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    append(fixture, &*store, &commit([run(1)]), &[Stored]);
    let word = vec![("command", TestCell::Word("init"))];
    let fresh = TestEvent { device: device(1), cells: word, ..run(2) };
    let unstored = vec![UnstoredCount::rejected("atomic", Reason::TooOld, 1)];
    let failing = commit_of(&[run(1), fresh], unstored, SchemaOrder::Forwards);
    fixture.break_commits();
    for _ in 0..3 {
        let error = store.append(&failing).expect_err("commits are broken");
        assert!(
            !error.to_string().ends_with('.'),
            "a caller prints it after its own words: {error}"
        );
    }
    assert_eq!(total(&*store, "atomic"), 1);
    assert_eq!(by(&*store, "command"), []);
    assert_eq!(active(&*store, "atomic", EVER), []);
    assert_eq!(outcomes(&*store).iter().map(|row| row.count).sum::<u64>(), 1);
    fixture.mend_commits();
    append(fixture, &*store, &failing, &[Duplicate, Stored]);
    append(fixture, &*store, &failing, &[Duplicate, Duplicate]);
    assert_eq!(total(&*store, "atomic"), 2);
    assert_eq!(by(&*store, "command").len(), 1);
    assert_eq!(active(&*store, "atomic", EVER).len(), 1);
    assert_eq!(outcomes(&*store).iter().map(|row| row.count).sum::<u64>(), 7);
}

pub(super) fn at_random(fixture: &dyn StoreFixture) {
    let mut random = SeededRandom::new(6);
    let mut model = Model::default();
    for _ in 0..4 {
        let store = fixture.open();
        for _ in 0..20 {
            let mut random_commit = random_commit(&mut random);
            // An empty commit would not fail.
            random_commit.unstored.push(UnstoredCount::rejected("atomic", Reason::TooLong, 1));
            let (statuses, commit) = (model.append(&random_commit), random_commit.commit());
            for _ in 0..random.below(3) {
                fixture.break_commits();
                store.append(&commit).expect_err("commits are broken");
                fixture.mend_commits();
            }
            append(fixture, &*store, &commit, &statuses);
        }
        compare(fixture, &*store, &model);
    }
}
