//! Many Atomics at once, of somebody whose id is gone: they agree on a new one.

use std::collections::BTreeSet;

use headcount_testkit::{Home, TestProgram};

use crate::places::{EVENTS, SETTINGS};

/// Two hundred in all, as many at once as start before the first has ended.
const WAVES: usize = 8;
const PROCESSES: usize = 25;

/// A program that starts no shipper, so that its record stays where it is.
fn atomic(home: &Home, words: &str) -> TestProgram {
    let program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), home).args(words.split(' '));
    program.env("ATOMIC_TELEMETRY_UPLOAD", "1")
}

fn id_of(text: &str) -> &str {
    let (_, tail) = text.split_once("\"anonymousId\":").unwrap();
    tail.trim_start().trim_start_matches('"').split('"').next().unwrap()
}

#[test]
fn two_hundred_updates_without_an_id_agree_on_one() {
    let home = Home::new();
    assert_eq!(atomic(&home, "config set telemetry true").run().code(), Some(0));
    let mut seen = BTreeSet::from([id_of(&home.read(SETTINGS)).to_owned()]);
    for wave in 0..WAVES {
        let settings = home.read(SETTINGS);
        home.write(SETTINGS, settings.replace(id_of(&settings), ""));
        let update = atomic(&home, "update");
        let running: Vec<_> = (0..PROCESSES).map(|_| update.spawn()).collect();
        for running in running {
            let output = running.wait();
            assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""));
        }
        let events = home.read(EVENTS);
        // One of many may take another's half-written line for a torn one, and
        // ends it with a mark that readers skip.
        let whole = events.lines().filter(|line| line.starts_with('{'));
        let lines: Vec<&str> = whole.skip(wave * PROCESSES).collect();
        let ids: BTreeSet<String> = lines.iter().map(|line| id_of(line).to_owned()).collect();
        assert_eq!((ids.len(), lines.len()), (1, PROCESSES), "{ids:?}");
        assert_eq!(ids.first().map(String::as_str), Some(id_of(&home.read(SETTINGS))));
        seen.extend(ids);
    }
    assert_eq!(seen.len(), 1 + WAVES, "each new id is a new one");
    // The answer stands beside the id, in the same file, and nobody lost it.
    let settings = home.read(SETTINGS);
    assert!(settings.contains("\"enabled\": true") && settings.contains("\"consentGiven\": true"));
}
