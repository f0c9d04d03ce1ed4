//! Promises about duplicates.

use super::fixture::{DuplicateAnswer, StoreFixture, append};
use super::shorthand::{
    TODAY, TestCell, TestEvent, active, by, commit, device, outcomes, run, total,
};
use super::test_event::{SchemaOrder, commit_of};
use crate::RowStatus::{self, Duplicate, OtherContent, Stored};

pub(super) fn within_a_commit(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let twice = commit([run(1), run(2), run(1), run(1)]);
    append(fixture, &*store, &twice, &[Stored, Stored, Duplicate, Duplicate]);
    assert_eq!(total(&*store, "atomic"), 2);
}

pub(super) fn between_commits(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    append(fixture, &*store, &commit([run(1), run(2)]), &[Stored, Stored]);
    append(fixture, &*store, &commit([run(2), run(3)]), &[Duplicate, Stored]);
    append(fixture, &*store, &commit([run(3)]), &[Duplicate]);
    assert_eq!(total(&*store, "atomic"), 3);
}

pub(super) fn after_a_restart(fixture: &dyn StoreFixture) {
    for id in 0..4 {
        let store = fixture.open();
        let earlier: Vec<_> = (0..id).map(run).collect();
        append(fixture, &*store, &commit(earlier.clone()), &vec![Duplicate; earlier.len()]);
        append(fixture, &*store, &commit([run(id), run(id)]), &[Stored, Duplicate]);
        assert_eq!(u128::from(total(&*store, "atomic")), id + 1);
    }
}

pub(super) fn product_and_day(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let tomorrow = TestEvent { day: TODAY.plus(1), ..run(1) };
    let elsewhere = TestEvent { product: "archon", ..run(1) };
    let all = commit([run(1), tomorrow, elsewhere]);
    append(fixture, &*store, &all, &[Stored; 3]);
    drop(store);
    let store = fixture.open();
    append(fixture, &*store, &all, &[Duplicate; 3]);
    assert_eq!(total(&*store, "atomic"), 2);
    assert_eq!(total(&*store, "archon"), 1);
}

pub(super) fn the_first_counts(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let with = |number, word| TestEvent {
        device: device(number),
        cells: vec![("command", TestCell::Word(word))],
        ..run(1)
    };
    let renamed = TestEvent { event: "update", ..with(3, "third") };
    append(
        fixture,
        &*store,
        &commit([with(1, "first"), with(2, "second")]),
        &[Stored, OtherContent],
    );
    append(fixture, &*store, &commit([renamed]), &[OtherContent]);
    let values: Vec<_> = by(&*store, "command").into_iter().map(|row| row.value).collect();
    assert_eq!(values, ["first"]);
    assert_eq!(active(&*store, "atomic", (TODAY, TODAY)), [(TODAY, 1)]);
    assert_eq!(total(&*store, "atomic"), 1);
}

/// The same id with other content is not a duplicate: whoever sent it should
/// hear of it.
pub(super) fn other_content(fixture: &dyn StoreFixture) {
    let number = |number| vec![("number", TestCell::Number(number))];
    let with = |id, cells| TestEvent { cells, ..run(id) };
    let mut store = fixture.open();
    let first = commit([with(1, number(1)), with(1, number(2)), with(2, number(1))]);
    append(fixture, &*store, &first, &[Stored, OtherContent, Stored]);
    for round in 0..2 {
        let others = [
            with(1, number(2)),
            with(1, Vec::new()),
            TestEvent { event: "update", ..with(1, number(1)) },
            TestEvent { device: device(1), ..with(1, number(1)) },
        ];
        append(fixture, &*store, &commit(others), &[OtherContent; 4]);
        append(fixture, &*store, &commit([with(1, number(1))]), &[Duplicate]);
        drop(store);
        store = fixture.open();
        assert_eq!(total(&*store, "atomic"), 2, "round {round}");
    }
    let rejected = |row: &crate::OutcomeRow| row.reason == "other-content";
    if fixture.duplicate_answer() == DuplicateAnswer::Exact {
        let count = outcomes(&*store).into_iter().find(rejected).map(|row| row.count);
        assert_eq!(count, Some(9));
    }
}

/// The same event judged by another version of the catalog, and with its cells
/// in another order, is a duplicate.
pub(super) fn by_another_schema(fixture: &dyn StoreFixture) {
    let cells = vec![
        ("command", TestCell::Word("init")),
        ("words", TestCell::Words(vec!["a", "x"])),
        ("text", TestCell::Text("model-1".to_owned())),
        ("number", TestCell::Number(-3)),
    ];
    let reversed = cells.iter().rev().cloned().collect();
    let one = TestEvent { cells, device: device(1), ..run(1) };
    let same = TestEvent { cells: reversed, ..one.clone() };
    let text = vec![("command", TestCell::Text("init".to_owned()))];
    let word = vec![("command", TestCell::Word("init"))];
    let [word, text] = [word, text].map(|cells| TestEvent { cells, ..run(2) });
    let store = fixture.open();
    append(fixture, &*store, &commit([one, word]), &[Stored; 2]);
    let again = commit_of(&[same, text], Vec::new(), SchemaOrder::BACKWARDS);
    append(fixture, &*store, &again, &[Duplicate; 2]);
    drop(store);
    append(fixture, &*fixture.open(), &again, &[Duplicate; 2]);
}

pub(super) fn by_many_at_once(fixture: &dyn StoreFixture) {
    const THREADS: u128 = 4;
    const IDS: u128 = 200;
    let store = fixture.open();
    let appending = |start: u128| {
        let mut stored = 0;
        // Each thread starts at another of the same ids, so that they overlap.
        for nth in 0..IDS / 10 {
            let ids = (0..10).map(|offset| (start * 50 + nth * 10 + offset) % IDS);
            let statuses =
                store.append(&commit(ids.map(run).collect::<Vec<_>>())).expect("no fault");
            stored += statuses.iter().flatten().filter(|row| **row == RowStatus::Stored).count();
            assert!(total(&*store, "atomic") >= (nth as u64 + 1) * 10, "acknowledged, so counted");
        }
        stored
    };
    let stored: usize = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|start| scope.spawn(move || appending(start))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).sum()
    });
    if fixture.duplicate_answer() == DuplicateAnswer::Exact {
        assert_eq!(stored as u128, IDS);
    }
    assert_eq!(u128::from(total(&*store, "atomic")), IDS);
}
