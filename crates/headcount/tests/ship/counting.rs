//! A child of a fork is the same device, where it is counted without an id.

use std::sync::atomic::{AtomicI64, Ordering};

use headcount::catalog::{Checked, Period};
use headcount_testkit::{CaptureServer, Home};

use crate::{roles, scene};

const DAY_S: i64 = 86_400;

/// What the children of a fork do.
pub(crate) fn fork() {
    let clock: &AtomicI64 = Box::leak(Box::new(AtomicI64::new(scene::after(0).milliseconds())));
    let catalog = roles::own_catalog();
    let mut surroundings = headcount::Surroundings::of_this_process();
    surroundings.clock = headcount::Clock::Set(clock);
    let telemetry = headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings);
    let session = telemetry.open();
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

#[test]
fn a_child_of_a_fork_and_its_parent_mark_a_day_once() {
    let (server, home) = (CaptureServer::start(), Home::new());
    let url = format!("{}/e", server.url());
    let text = scene::text(&[scene::destination("one", "http", &url)]);
    let count = "scheme = \"none\"\ncount = [\"day\", \"week\", \"month\"]";
    let text = text.replace("scheme = \"random\"\nfile = \"device\"", count);
    let catalog = roles::settle(&home, &text.replace("device = \"device\"\n", ""));
    let output = roles::child(&home, "count-forked").run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let lines = home.read(".tick/events.jsonl");
    let lines: Vec<Checked> =
        lines.lines().map(|line| headcount_wire::read(catalog, line).expect("a record")).collect();
    let days = |of: Period| {
        let is_marked = |line: &&Checked| line.marks(catalog).any(|period| period == of);
        lines.iter().filter(is_marked).count()
    };
    // From a Friday to a Tuesday.
    assert_eq!((lines.len(), days(Period::Day), days(Period::Week)), (13, 5, 2));
    assert_eq!(days(Period::Month), 1);
}
