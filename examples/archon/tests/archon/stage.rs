//! What every test here does: run Archon, and read what it recorded.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::Value;

pub(crate) const EVENTS: &str = ".archon/telemetry-events.jsonl";
pub(crate) const SETTINGS: &str = ".archon/config.yaml";
pub(crate) const ID: &str = ".archon/telemetry-id";
pub(crate) const MARKER: &str = ".archon/.first-run-completed";

pub(crate) fn archon(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(Path::new(env!("CARGO_BIN_EXE_archon")), home).args(args)
}

/// A home whose owner turned telemetry on.
pub(crate) fn agreed() -> Home {
    let home = Home::new();
    let output = archon(&home, &["telemetry", "on"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    home
}

pub(crate) fn paths(home: &Home) -> Vec<String> {
    home.tree().into_iter().map(|entry| entry.path).collect()
}

/// The lines of the queue.
pub(crate) fn recorded(home: &Home) -> Vec<Value> {
    home.read(EVENTS).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn names(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["event"].as_str().unwrap()).collect()
}

/// The keys of an object, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// The reason `status` gives.
pub(crate) fn reason(output: &ProgramOutput) -> String {
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let status: Value = serde_json::from_str(&output.stdout_text()).unwrap();
    status["reason"].as_str().unwrap().to_owned()
}
