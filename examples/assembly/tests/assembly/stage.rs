//! What every test here does: run the program, and read what it recorded.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};
use serde_json::Value;

/// The product's folder, as the catalog has it for each platform.
pub(crate) const FOLDER: &str = if cfg!(target_os = "macos") {
    "Library/Application Support/assemblyai"
} else if cfg!(windows) {
    "AppData/Local/assemblyai"
} else {
    ".config/assemblyai"
};

pub(crate) fn settings() -> String {
    format!("{FOLDER}/config.toml")
}

pub(crate) fn events() -> String {
    format!("{FOLDER}/telemetry-events.jsonl")
}

pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    TestProgram::new(Path::new(env!("CARGO_BIN_EXE_assembly")), home).args(args)
}

pub(crate) fn assembly(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

/// Every record on the machine.
pub(crate) fn dumped(home: &Home) -> Vec<Value> {
    let output = assembly(home, &["telemetry", "dump"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    output.stdout_text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn commands(home: &Home) -> Vec<String> {
    dumped(home).iter().map(|record| record["command"].as_str().unwrap().to_owned()).collect()
}

/// The head of a WAV file of that many bytes a second, and as many bytes of
/// silence as make three seconds.
pub(crate) fn sound(rate: u32) -> Vec<u8> {
    let mut bytes = vec![0; 44 + 3 * rate as usize];
    bytes[..4].copy_from_slice(b"RIFF");
    bytes[28..32].copy_from_slice(&rate.to_le_bytes());
    bytes
}
