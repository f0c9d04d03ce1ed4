//! What every test here does: run AtomCode, and read what it recorded.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::Value;

pub(crate) const EVENTS: &str = ".atomcode/telemetry/queue/events.ndjson";
pub(crate) const SETTINGS: &str = ".atomcode/config.toml";
pub(crate) const ID: &str = ".atomcode/device_id";

/// Bytes of a prompt after which it is cut, at a byte; `src/answer.rs` has it.
const PROMPT_BYTES: usize = 4_096;

pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(Path::new(env!("CARGO_BIN_EXE_atomcode")), home).args(args)
}

pub(crate) fn atomcode(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

/// The first words of the notice.
pub(crate) const NOTICE: &str = "AtomCode sends anonymous usage telemetry.";

/// A home whose person was told by an earlier run, which left nothing else.
pub(crate) fn told() -> Home {
    let home = Home::new();
    assert!(atomcode(&home, &["-p", "hello"]).stderr_text().contains(NOTICE));
    assert_eq!(atomcode(&home, &["telemetry", "clear"]).code(), Some(0));
    home
}

/// Every record on the machine, those that a shipper has claimed included.
pub(crate) fn dumped(home: &Home) -> Vec<Value> {
    let output = atomcode(home, &["telemetry", "dump"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    output.stdout_text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn only<'a>(records: &'a [Value], name: &str) -> Vec<&'a Value> {
    records.iter().filter(|record| record["event_id"] == name).collect()
}

pub(crate) fn paths(home: &Home) -> Vec<String> {
    home.tree().into_iter().map(|entry| entry.path).collect()
}

/// The keys of a line in their order, for objects without others in them.
pub(crate) fn keys(line: &str) -> Vec<&str> {
    let parts = line.trim_matches(['{', '}']).split(",\"");
    parts.map(|part| part.split("\":").next().unwrap().trim_matches('"')).collect()
}

/// A prompt that crashes AtomCode: a letter of two bytes lies across its cut.
pub(crate) fn crashing(beginning: &str) -> String {
    let filling = "x".repeat(PROMPT_BYTES - 1 - beginning.len());
    format!("{beginning}{filling}é")
}
