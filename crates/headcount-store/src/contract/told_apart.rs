//! Promises about duplicates.

use super::ask::{TODAY, active, by, commit, counted, device, run, total};
use super::{Duplicates, Place, append};
use crate::Kept::{Duplicate, Stored};
use crate::{Arrival, Cell, Kept};

pub(super) fn within_a_commit(place: &dyn Place) {
    let store = place.open();
    let twice = commit([run(1), run(2), run(1), run(1)]);
    append(place, &*store, &twice, &[Stored, Stored, Duplicate, Duplicate]);
    assert_eq!(total(&*store, "atomic"), 2);
}

pub(super) fn between_commits(place: &dyn Place) {
    let store = place.open();
    append(place, &*store, &commit([run(1), run(2)]), &[Stored, Stored]);
    append(place, &*store, &commit([run(2), run(3)]), &[Duplicate, Stored]);
    append(place, &*store, &commit([run(3)]), &[Duplicate]);
    assert_eq!(total(&*store, "atomic"), 3);
}

pub(super) fn after_a_restart(place: &dyn Place) {
    for id in 0..4 {
        let store = place.open();
        let earlier: Vec<_> = (0..id).map(run).collect();
        append(place, &*store, &commit(earlier.clone()), &vec![Duplicate; earlier.len()]);
        append(place, &*store, &commit([run(id), run(id)]), &[Stored, Duplicate]);
        assert_eq!(u128::from(total(&*store, "atomic")), id + 1);
    }
}

pub(super) fn product_and_day(place: &dyn Place) {
    let store = place.open();
    let tomorrow = Arrival { day: TODAY.plus(1), ..run(1) };
    let elsewhere = Arrival { product: "archon", ..run(1) };
    let all = commit([run(1), tomorrow, elsewhere]);
    append(place, &*store, &all, &[Stored; 3]);
    drop(store);
    let store = place.open();
    append(place, &*store, &all, &[Duplicate; 3]);
    assert_eq!(total(&*store, "atomic"), 2);
    assert_eq!(total(&*store, "archon"), 1);
}

pub(super) fn the_first_counts(place: &dyn Place) {
    let store = place.open();
    let with = |number, word| Arrival {
        device: device(number),
        columns: vec![counted("command", Cell::Word(word))],
        ..run(1)
    };
    let renamed = Arrival { event: "update", ..with(3, "third") };
    append(place, &*store, &commit([with(1, "first"), with(2, "second")]), &[Stored, Duplicate]);
    append(place, &*store, &commit([renamed]), &[Duplicate]);
    let values: Vec<_> = by(&*store, "command").into_iter().map(|row| row.value).collect();
    assert_eq!(values, ["first"]);
    assert_eq!(active(&*store, "atomic", (TODAY, TODAY)), [(TODAY, 1)]);
    assert_eq!(total(&*store, "atomic"), 1);
}

pub(super) fn by_many_at_once(place: &dyn Place) {
    const THREADS: u128 = 4;
    const IDS: u128 = 200;
    let store = place.open();
    let appending = |start: u128| {
        let mut stored = 0;
        // Each begins elsewhere in the same ids, so that they meet.
        for nth in 0..IDS / 10 {
            let ids = (0..10).map(|offset| (start * 50 + nth * 10 + offset) % IDS);
            let kept = store.append(&commit(ids.map(run).collect::<Vec<_>>())).expect("no fault");
            stored += kept.iter().filter(|kept| **kept == Kept::Stored).count();
            assert!(total(&*store, "atomic") >= (nth as u64 + 1) * 10, "acknowledged, so counted");
        }
        stored
    };
    let stored: usize = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|start| scope.spawn(move || appending(start))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread fails")).sum()
    });
    if place.duplicates() == Duplicates::Told {
        assert_eq!(stored as u128, IDS);
    }
    assert_eq!(u128::from(total(&*store, "atomic")), IDS);
}
