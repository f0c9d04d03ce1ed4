//! Outputs that are broken and arguments that are not text change no exit code.
#![cfg(target_os = "linux")]

use headcount_testkit::{Home, assert_script_ends};

fn ends_with(home: &Home, script: &str, code: i32) {
    assert_script_ends(env!("CARGO_BIN_EXE_archon"), home, script, code);
}

#[test]
fn a_broken_output_changes_no_exit_code() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" version >/dev/full", 0),
        ("\"$0\" version 2>/dev/full", 0),
        ("rm -rf .archon; \"$0\" version 2>/dev/full", 0),
        ("\"$0\" workflow list | true", 0),
        ("\"$0\" --version >/dev/full", 0),
        ("\"$0\" telemetry inspect >/dev/full", 0),
        ("\"$0\" workflow run missing 2>/dev/full", 1),
        ("\"$0\" nonsense 2>/dev/full", 2),
    ] {
        ends_with(&home, script, code);
    }
}

#[test]
fn an_argument_that_is_not_text_is_taken_as_it_is() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" $'\\xff'", 2),
        (
            "mkdir -p .archon/workflows; echo bash >.archon/workflows/$'\\xff'; \"$0\" workflow run $'\\xff'",
            0,
        ),
        ("\"$0\" workflow run x --provider $'\\xff'", 1),
        ("\"$0\" setup --assistant $'\\xff'", 0),
    ] {
        ends_with(&home, script, code);
    }
}
