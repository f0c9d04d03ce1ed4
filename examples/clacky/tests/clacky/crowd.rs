//! A hundred at once, forty killed half-way, and then the books of the real
//! collector. Nothing is on disk, so what is killed may be lost; the rest may
//! not, and nothing comes twice.

use std::time::Duration;

use crate::stage::{PATIENCE, TheCollector, clacky, program, told, until};

/// How many run at once.
const AT_ONCE: u64 = 100;

/// Runs that are killed, each a millisecond later than the one before.
const KILLED: u64 = 40;

#[test]
fn a_hundred_at_once_come_once_each_and_what_is_killed_at_most_once() {
    let collector = TheCollector::start();
    let home = told();
    let run = program(&home, &["agent", "-m", "hello"])
        .env("CLACKY_TELEMETRY_ENDPOINT", &collector.url())
        .limit(4 * PATIENCE);
    let crowd: Vec<_> = (0..AT_ONCE).map(|_| run.spawn()).collect();
    for running in crowd {
        let output = running.wait();
        assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
    }
    until(|| collector.count("startup") == AT_ONCE && collector.count("task") == AT_ONCE);
    assert_eq!(collector.devices(), 1);

    for number in 0..KILLED {
        let mut running = run.spawn();
        std::thread::park_timeout(Duration::from_millis(number));
        running.kill();
        let _ = running.wait();
    }
    // One that lives: after its events, those of the killed that come at all
    // are at most on their way.
    assert_eq!(run.run().code(), Some(0));
    until(|| collector.count("task") > AT_ONCE && collector.count("startup") > AT_ONCE);
    for event in ["startup", "task"] {
        let count = collector.count(event);
        assert!(count <= AT_ONCE + KILLED + 1, "{count} of {event}: something came twice");
    }
    assert_eq!(collector.devices(), 1);

    assert_eq!(clacky(&home, &["telemetry", "off"]).code(), Some(0));
    let before = (collector.count("startup"), collector.count("task"));
    assert_eq!(run.run().code(), Some(0));
    assert_eq!((collector.count("startup"), collector.count("task")), before);
}
