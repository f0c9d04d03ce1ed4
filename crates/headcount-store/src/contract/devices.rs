//! Promises about devices: those with an id are counted once, and those without
//! one by their marks.

use headcount_catalog::{Age, Day, Period};

use super::fixture::{StoreFixture, append};
use super::shorthand::{EVER, TODAY, TestEvent, active, active_by, commit, device, marks, run};
use crate::RowMarks;
use crate::RowStatus::{Duplicate, Stored};

pub(super) fn by_day(fixture: &dyn StoreFixture) {
    let of = |id, offset, number| TestEvent {
        day: TODAY.plus(offset),
        device: device(number),
        ..run(id)
    };
    let store = fixture.open();
    let first = [of(1, 0, 1), of(2, 0, 1), of(3, 0, 2), of(4, 1, 1)];
    append(fixture, &*store, &commit(first), &[Stored; 4]);
    append(fixture, &*store, &commit([of(5, 0, 2), of(6, 0, 3)]), &[Stored; 2]);
    drop(store);
    let store = fixture.open();
    append(fixture, &*store, &commit([of(7, 0, 3), of(8, 0, 4)]), &[Stored; 2]);
    // A day with events without a device has no active devices.
    let without_device = TestEvent { day: TODAY.plus(2), ..run(9) };
    append(fixture, &*store, &commit([without_device]), &[Stored]);
    let elsewhere = TestEvent { product: "archon", ..of(10, 0, 1) };
    append(fixture, &*store, &commit([elsewhere]), &[Stored]);
    assert_eq!(active(&*store, "atomic", EVER), [(TODAY, 4), (TODAY.plus(1), 1)]);
    assert_eq!(active(&*store, "archon", EVER), [(TODAY, 1)]);
}

pub(super) fn by_week_and_month(fixture: &dyn StoreFixture) {
    // A Sunday in November, the Monday after it, and a Tuesday in December.
    let [sunday, monday, tuesday] = ["2026-11-29", "2026-11-30", "2026-12-01"].map(day);
    let of = |id, day, number| TestEvent { day, device: device(number), ..run(id) };
    let store = fixture.open();
    // Two days of a week in one commit, then the week before it, then again.
    let first = [of(1, tuesday, 1), of(2, monday, 1), of(3, monday, 2)];
    append(fixture, &*store, &commit(first), &[Stored; 3]);
    append(fixture, &*store, &commit([of(4, sunday, 1), of(5, sunday, 3)]), &[Stored; 2]);
    drop(store);
    let store = fixture.open();
    append(fixture, &*store, &commit([of(5, sunday, 3)]), &[Duplicate]);
    append(fixture, &*store, &commit([of(6, tuesday, 2), of(7, tuesday, 4)]), &[Stored; 2]);
    let by = |period, days| active_by(&*store, period, "atomic", days);
    let all = [(sunday, 2), (monday, 2), (tuesday, 3)];
    assert_eq!(by(Period::Day, EVER), all);
    let [week_before, december] = ["2026-11-23", "2026-12-01"].map(day);
    assert_eq!(by(Period::Week, EVER), [(week_before, 2), (monday, 3)]);
    assert_eq!(by(Period::Month, EVER), [(day("2026-11-01"), 3), (december, 3)]);
    // A period that has one of the days is counted as a whole.
    assert_eq!(by(Period::Week, (tuesday, tuesday)), [(monday, 3)]);
    assert_eq!(by(Period::Week, (sunday, sunday)), [(week_before, 2)]);
    assert_eq!(by(Period::Month, (sunday, sunday)), [(day("2026-11-01"), 3)]);
    assert_eq!(by(Period::Month, (tuesday, EVER.1)), [(december, 3)]);
    assert_eq!(by(Period::Week, (tuesday.plus(7), EVER.1)), []);
}

/// An event with marks of these periods, or of none.
fn marked(id: u128, day: Day, periods: &[Period], age: &str) -> TestEvent {
    let marks = RowMarks::new(periods.iter().copied(), Age::read(age));
    TestEvent { day, marks, ..run(id) }
}

pub(super) fn by_marks(fixture: &dyn StoreFixture) {
    use Period::{Day, Month, Week};
    let [sunday, monday] = ["2026-11-29", "2026-11-30"].map(day);
    let store = fixture.open();
    let first = [
        marked(1, sunday, &[Day, Week, Month], "0"),
        marked(1, sunday, &[Day, Week, Month], "0"),
        marked(2, monday, &[Day, Week], "1"),
        marked(3, monday, &[Day, Day], "1"),
        marked(4, monday, &[Week], ""),
        marked(5, monday, &[], "0"),
    ];
    let statuses = [Stored, Duplicate, Stored, Stored, Stored, Stored];
    append(fixture, &*store, &commit(first.clone()), &statuses);
    drop(store);
    let store = fixture.open();
    append(fixture, &*store, &commit(first), &[Duplicate; 6]);
    let later = [marked(7, monday, &[Week], "8+"), marked(8, sunday, &[Day], "2-3")];
    let elsewhere = TestEvent { product: "archon", ..marked(7, monday, &[Day], "0") };
    append(fixture, &*store, &commit(later), &[Stored; 2]);
    append(fixture, &*store, &commit([elsewhere]), &[Stored]);
    let by = |period| marks(&*store, period, EVER);
    assert_eq!(by(Day), [(sunday, "0", 1), (sunday, "2-3", 1), (monday, "1", 2)]);
    let week_before = day("2026-11-23");
    let of_week = [(monday, "", 1), (monday, "1", 1), (monday, "8+", 1)];
    assert_eq!(by(Week)[0], (week_before, "0", 1));
    assert_eq!(by(Week)[1..], of_week);
    assert_eq!(by(Month), [(day("2026-11-01"), "0", 1)]);
    assert_eq!(marks(&*store, Week, (monday.plus(3), monday.plus(3))), of_week);
    assert_eq!(marks(&*store, Day, (sunday, sunday)).len(), 2);
    assert_eq!(active_by(&*store, Week, "atomic", EVER), [(week_before, 1), (monday, 3)]);
    assert_eq!(active(&*store, "atomic", EVER), [(sunday, 2), (monday, 2)]);
}

/// A product that gave up its ids has old releases that still send them.
pub(super) fn by_both(fixture: &dyn StoreFixture) {
    let store = fixture.open();
    let with_id = |id, number| TestEvent { device: device(number), ..run(id) };
    let all = [
        with_id(1, 1),
        with_id(2, 1),
        with_id(3, 2),
        marked(4, TODAY, &[Period::Day, Period::Month], "0"),
    ];
    append(fixture, &*store, &commit(all), &[Stored; 4]);
    assert_eq!(active(&*store, "atomic", EVER), [(TODAY, 3)]);
    let by = |period| active_by(&*store, period, "atomic", EVER);
    assert_eq!(by(Period::Week), [(Period::Week.start(TODAY), 2)]);
    assert_eq!(by(Period::Month), [(Period::Month.start(TODAY), 3)]);
    assert_eq!(marks(&*store, Period::Day, EVER), [(TODAY, "0", 1)]);
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}
