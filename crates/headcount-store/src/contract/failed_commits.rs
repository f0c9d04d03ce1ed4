//! Promises about commits that fail.

use headcount_catalog::Reason;

use super::fixture::{StoreFixture, append};
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
    let failing = commit_of(&[run(1), fresh], unstored, SchemaOrder::FORWARDS);
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
