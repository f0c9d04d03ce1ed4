//! Outputs that are broken, arguments that are not text, and homes, disks and
//! backends in trouble change nothing that a person sees.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{Home, InTrouble, assert_script_ends};

use crate::stage::{BINARY, told};

fn ends_with(home: &Home, script: &str, code: i32) {
    assert_script_ends(BINARY, home, script, code);
}

#[test]
fn a_broken_output_changes_no_exit_code() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" agent -m hi >/dev/full", 0),
        ("\"$0\" agent --fail -m hi >/dev/full 2>/dev/full", 1),
        ("\"$0\" agent --interrupt -m hi >/dev/full", 130),
        ("\"$0\" agent -m hi >&- 2>&-", 0),
        ("\"$0\" agent -m hi | true", 0),
        ("printf 'a\\nb\\n' | \"$0\" agent >/dev/full", 0),
        ("\"$0\" agent <&-", 0),
        ("\"$0\" --version >/dev/full", 0),
        ("\"$0\" --help >/dev/full", 0),
        ("\"$0\" telemetry status >/dev/full", 0),
        ("\"$0\" nonsense 2>/dev/full", 2),
        ("\"$0\" server --port 99999 2>/dev/full", 2),
    ] {
        ends_with(&home, script, code);
    }
}

#[test]
fn an_argument_that_is_not_text_is_taken_as_it_is() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" agent -m $'\\xff'", 0),
        ("printf '\\xff\\n' | \"$0\" agent", 0),
        ("\"$0\" agent -m --no-telemetry", 0),
        ("\"$0\" agent -m", 2),
        ("\"$0\" agent $'\\xff'", 2),
        ("\"$0\" $'\\xff'", 2),
        ("\"$0\" telemetry $'\\xff'", 2),
    ] {
        ends_with(&home, script, code);
    }
}

#[test]
fn a_home_a_disk_or_a_backend_in_trouble_changes_nothing() {
    let trouble = InTrouble {
        binary: Path::new(BINARY),
        home: told,
        runs: &[
            &["agent", "-m", "hello"],
            &["agent", "--fail", "-m", "hello"],
            &["agent"],
            &["agent", "--nonsense"],
            &["--version"],
        ],
        variables: &[("USER", "me")],
        endpoint: "CLACKY_TELEMETRY_ENDPOINT",
        refusal: ("CLACKY_TELEMETRY", "0"),
    };
    trouble.assert_same_as_off();
}
