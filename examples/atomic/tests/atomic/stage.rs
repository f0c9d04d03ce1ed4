//! What the tests of whole stories do: run Atomic in a home, with agents that
//! only say how they were called, and read what is left and what arrives.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput, TestProgram};
use serde_json::Value;

use crate::places::EVENTS;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_atomic");

/// No shipper starts from a process that is marked as one.
pub(crate) const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

/// The variable that names the backend.
pub(crate) const ENDPOINT: &str = "ATOMIC_TELEMETRY_ENDPOINT";

/// What hangs never comes; a busy machine may be slow.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Atomic in the project of this home, with the programs of `install` on its
/// `PATH`, and no upload from it.
pub(crate) fn program(home: &Home, args: &[&str]) -> TestProgram {
    unmarked(home, args).env(MARKED.0, MARKED.1)
}

/// The same with uploads, to this backend.
pub(crate) fn uploading(home: &Home, args: &[&str], url: &str) -> TestProgram {
    unmarked(home, args).env(ENDPOINT, url)
}

fn unmarked(home: &Home, args: &[&str]) -> TestProgram {
    let path = format!("{}:/usr/bin:/bin", bin(home).display());
    TestProgram::new(BINARY, home).args(args).folder(project(home)).env("PATH", &path)
}

pub(crate) fn atomic(home: &Home, args: &[&str]) -> ProgramOutput {
    program(home, args).run()
}

/// A home whose person has telemetry on.
pub(crate) fn agreed() -> Home {
    let home = Home::new();
    let output = atomic(&home, &["config", "set", "telemetry", "true"]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    home
}

pub(crate) fn project(home: &Home) -> PathBuf {
    let project = home.path().join("work").join("project");
    fs::create_dir_all(&project).expect("a folder");
    project
}

fn bin(home: &Home) -> PathBuf {
    home.path().join("bin")
}

/// Puts a program on the `PATH` of a home: a script.
#[cfg(unix)]
pub(crate) fn install(home: &Home, name: &str, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    let file = home.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}"));
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("a program");
}

/// The events that wait in a home.
pub(crate) fn events(home: &Home) -> Vec<Value> {
    let text = fs::read_to_string(home.path().join(EVENTS)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Those of this name.
pub(crate) fn named(home: &Home, name: &str) -> Vec<Value> {
    events(home).into_iter().filter(|event| event["eventType"] == name).collect()
}

/// A backend that takes everything.
pub(crate) fn backend() -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    server
}

/// Every file below a folder, with its bytes and its mode.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                all.push((path.join(""), Vec::new()));
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file");
                all.push((path, bytes));
            }
        }
    }
    all.sort();
    all
}

pub(crate) fn until(mut condition: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < end, "it never came");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
