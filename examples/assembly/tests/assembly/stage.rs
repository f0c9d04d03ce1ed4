//! What every test here does: run the program, and read what it recorded.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, ShippedToken, TestProgram};
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

/// The variable that leads the program to a backend on this machine.
pub(crate) const ENDPOINT: &str = "AAI_TELEMETRY_ENDPOINT";

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_assembly");

/// The token that is in the repository on purpose.
pub(crate) fn shipped_token() -> ShippedToken {
    ShippedToken::of(include_str!("../../telemetry.toml"), ENDPOINT)
}

/// The program with its shipped token blanked, as in every test: one that
/// means to send names its own server.
pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    shipped_token().neutralize(TestProgram::new(Path::new(BINARY), home).args(args))
}

/// A home whose person was told by an earlier run, which sent nothing.
pub(crate) fn told() -> Home {
    let home = Home::new();
    let output = program(&home, &["whoami"]).env(KEY.0, KEY.1).run();
    assert!(output.stderr_text().contains("telemetry is on"), "{}", output.stderr_text());
    home
}

/// The variable of the person's own key, which is nobody's business.
pub(crate) const KEY: (&str, &str) = ("ASSEMBLYAI_API_KEY", "a-key");

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
