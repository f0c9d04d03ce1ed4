//! Outputs that are broken and arguments that are not text change nothing: not
//! the exit code, and no crash is reported.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{Home, InTrouble, ProgramOutput, TestProgram};

use super::stage::{EVENTS, atomcode, dumped, only, paths, told};

/// Runs a script in which `$0` is AtomCode, without the marker: what it does
/// is what a person sees.
fn script(home: &Home, script: &str) -> ProgramOutput {
    let script = format!("set -o pipefail; {script}");
    TestProgram::new("/bin/bash", home).args(["-c", &script, env!("CARGO_BIN_EXE_atomcode")]).run()
}

#[test]
fn a_broken_output_changes_no_exit_code_and_is_no_crash() {
    let home = Home::new();
    for (text, code) in [
        ("\"$0\" -p hi >/dev/full", 0),
        ("\"$0\" -p hi >/dev/full 2>/dev/full", 0),
        ("\"$0\" -p hi >&- 2>&-", 0),
        ("\"$0\" --version >/dev/full", 0),
        ("\"$0\" --help >/dev/full", 0),
        ("\"$0\" telemetry status >/dev/full", 0),
        ("\"$0\" telemetry nonsense 2>/dev/full", 2),
        ("\"$0\" nonsense 2>/dev/full", 2),
        ("\"$0\" daemon --port 99999 2>/dev/full", 2),
        ("\"$0\" -p hi | true", 0),
        ("for n in 1 2 3 4 5; do \"$0\" telemetry dump | head -1 || exit 9; done", 0),
    ] {
        let output = script(&home, text);
        assert_eq!(output.code(), Some(code), "{text}: {}", output.stderr_text());
    }
    assert_eq!(only(&dumped(&home), "panic").len(), 0);
    assert!(paths(&home).iter().any(|path| path.contains("queue")), "{EVENTS} was written");
}

#[test]
fn an_argument_that_is_not_text_is_taken_as_it_is() {
    let home = Home::new();
    for (text, code) in [
        ("\"$0\" -p $'\\xff'", 0),
        ("\"$0\" $'\\xff'", 2),
        ("\"$0\" telemetry $'\\xff'", 2),
        ("\"$0\" daemon --port $'\\xff'", 2),
    ] {
        let output = script(&home, text);
        assert_eq!(output.code(), Some(code), "{text}: {}", output.stderr_text());
    }
    assert_eq!(only(&dumped(&home), "panic").len(), 0);
    assert_eq!(atomcode(&home, &["--version"]).code(), Some(0));
}

#[test]
fn a_home_a_disk_or_a_backend_in_trouble_changes_nothing() {
    let trouble = InTrouble {
        binary: Path::new(env!("CARGO_BIN_EXE_atomcode")),
        home: told,
        runs: &[
            &["-p", "hello"],
            &["login", "--code", "0"],
            &["logout"],
            &["nonsense"],
            &["--version"],
            &[],
        ],
        variables: &[],
        endpoint: "ATOMCODE_TELEMETRY_ENDPOINT",
        refusal: ("ATOMCODE_TELEMETRY", "0"),
    };
    trouble.assert_same_as_off();
}
