//! Outputs that are broken and arguments that are not text change no exit code.
#![cfg(target_os = "linux")]

use headcount_testkit::{Home, assert_script_ends};

fn ends_with(home: &Home, script: &str, code: i32) {
    assert_script_ends(env!("CARGO_BIN_EXE_atomic"), home, script, code);
}

#[test]
fn a_broken_output_changes_no_exit_code() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" update >/dev/full", 0),
        ("\"$0\" update | true", 0),
        ("\"$0\" update >&- 2>&-", 0),
        ("\"$0\" --help >/dev/full", 0),
        ("\"$0\" telemetry status >/dev/full", 0),
        ("\"$0\" nonsense 2>/dev/full", 2),
        ("\"$0\" init --agent cobol 2>&-", 2),
    ] {
        ends_with(&home, script, code);
    }
}

#[test]
fn an_argument_that_is_not_text_is_taken_as_it_is() {
    let home = Home::new();
    for (script, code) in [
        ("\"$0\" init $'\\xff'", 2),
        ("\"$0\" $'\\xff'", 2),
        ("\"$0\" telemetry $'\\xff'", 2),
        ("\"$0\" config set telemetry $'\\xff'", 2),
    ] {
        ends_with(&home, script, code);
    }
}
