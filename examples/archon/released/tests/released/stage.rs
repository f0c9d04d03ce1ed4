//! What every test here does: run the released Archon.

use std::path::PathBuf;
use std::time::Duration;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::Value;

/// The document's bound: "shows up in PostHog within 30 seconds".
pub(crate) const ARRIVES: Duration = Duration::from_secs(30);

/// The variable that leads a program to a backend on this machine.
pub(crate) const ENDPOINT: &str = "ARCHON_TELEMETRY_ENDPOINT";

/// With this variable a program records and starts no shipper.
pub(crate) const HELD: (&str, &str) = ("ARCHON_TELEMETRY_FLUSH", "1");

pub(crate) const ID: &str = ".archon/telemetry-id";
pub(crate) const MARKER: &str = ".archon/.first-run-completed";

/// The program: the one that cargo built for these tests, or the one that
/// `.ci/run archon` made with the build script of a release.
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("ARCHON_RELEASED")
        .map_or_else(|| env!("CARGO_BIN_EXE_archon-released").into(), PathBuf::from)
}

pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(binary(), home).args(args)
}

pub(crate) fn archon(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

/// A home whose owner turned telemetry on.
pub(crate) fn agreed() -> Home {
    let home = Home::new();
    let output = archon(&home, &["telemetry", "on"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    home
}

/// The events that `telemetry inspect` shows, and what it says of them.
pub(crate) fn inspected(home: &Home, url: &str) -> (Vec<Value>, String) {
    let output = program(home, &["telemetry", "inspect"]).env(ENDPOINT, url).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let shown: Value = serde_json::from_str(&output.stdout_text()).expect("JSON");
    (shown["events"].as_array().expect("events").clone(), output.stderr_text())
}

pub(crate) fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().expect("a name")).collect()
}

pub(crate) fn paths(home: &Home) -> Vec<String> {
    home.tree().into_iter().map(|entry| entry.path).collect()
}
