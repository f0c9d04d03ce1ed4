//! Devices that are counted without an id, on a disk that is full and in the
//! children of a fork.

use std::sync::atomic::{AtomicI64, Ordering};

use headcount::catalog::{Checked, Period};
use headcount::{Catalog, Host, Session};
use headcount_testkit::Home;

use crate::disks::{FILL_UP, SMALL_DISK, confined};
use crate::{roles, scene};

const DAY_S: i64 = 86_400;

/// A host whose clock is set.
fn open(clock: &'static AtomicI64) -> Session {
    let mut surroundings = headcount::Surroundings::of_this_process();
    surroundings.clock = headcount::Clock::Set(clock);
    headcount::Telemetry::new(roles::own_catalog(), Host::new("1.2.3"), surroundings).open()
}

fn on_day(day: i64) -> &'static AtomicI64 {
    Box::leak(Box::new(AtomicI64::new(scene::after(day * DAY_S).milliseconds())))
}

/// Records an event on that day, if the disk permits it.
pub(crate) fn record_on(day: i64) {
    let session = open(on_day(day));
    let _ = session.try_record(&scene::Tick::new(roles::own_catalog(), day));
}

/// What the children of a fork do.
pub(crate) fn fork() {
    let (clock, catalog) = (on_day(0), roles::own_catalog());
    let session = open(clock);
    let record = |number| {
        session.try_record(&scene::Tick::new(catalog, number)).expect("it is recorded");
    };
    record(0);
    for child in 1..=4 {
        clock.store(scene::after(child * DAY_S).milliseconds(), Ordering::Relaxed);
        // Each one is another process with a copy of what its parent knows.
        crate::forked::forked(|| {
            record(child * 10);
            record(child * 10 + 1);
        });
        record(child * 10 + 2);
    }
}

/// A home with the product, which has no id.
fn settled(home: &Home) -> &'static Catalog {
    let text = scene::text(&[scene::destination("one", "http", "http://127.0.0.1:9/e")]);
    let count = "scheme = \"none\"\ncount = [\"day\", \"week\", \"month\"]";
    let text = text.replace("scheme = \"random\"\nfile = \"device\"", count);
    roles::settle(home, &text.replace("device = \"device\"\n", ""))
}

/// The records on these lines.
fn read(catalog: &'static Catalog, lines: &str) -> Vec<Checked> {
    lines.lines().map(|line| headcount_wire::read(catalog, line).expect("a record")).collect()
}

/// The days on which a device was counted, in order.
fn days(catalog: &Catalog, records: &[Checked]) -> Vec<String> {
    let is_marked = |record: &&Checked| record.marks(catalog).any(|period| period == Period::Day);
    let day = |record: &Checked| record.time.map(|time| time.day().to_string());
    records.iter().filter(is_marked).filter_map(day).collect()
}

/// What cannot be written is not marked. Where there is room again, the next
/// event has the mark.
#[test]
fn a_disk_that_is_full_gives_no_mark_and_none_twice() {
    let home = Home::new();
    let catalog = settled(&home);
    let script = format!(
        "{SMALL_DISK} play 'count-day 0'; {FILL_UP} for day in 1 1 0 1; do play \"count-day $day\"; done; \
         rm \"$HOME/.tick/full\"; for day in 1 0 1 2; do play \"count-day $day\"; done; \
         cp \"$HOME/.tick/events.jsonl\" \"$HOME/kept\""
    );
    let Some(output) = confined(&home, &script) else { return };
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let records = read(catalog, &home.read("kept"));
    assert_eq!(days(catalog, &records), ["2026-11-20", "2026-11-21", "2026-11-22"]);
    println!("{} of 9 events were recorded", records.len());
}

#[test]
fn a_child_of_a_fork_and_its_parent_mark_a_day_once() {
    let home = Home::new();
    let catalog = settled(&home);
    let output = roles::child(&home, "count-forked").run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let records = read(catalog, &home.read(".tick/events.jsonl"));
    let marked = |of: Period| {
        let is_marked = |record: &&Checked| record.marks(catalog).any(|period| period == of);
        records.iter().filter(is_marked).count()
    };
    // From a Friday to a Tuesday.
    let days = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"];
    assert_eq!(self::days(catalog, &records), days);
    assert_eq!((records.len(), marked(Period::Week), marked(Period::Month)), (13, 2, 1));
}
