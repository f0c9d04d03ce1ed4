//! Where Atomic keeps its files on Windows, whatever the variables are.

use std::path::Path;

use headcount_testkit::{Home, ProgramOutput, TestProgram};

use crate::places::{FOLDER, FOLDERS};

fn atomic(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> ProgramOutput {
    let mut program = TestProgram::new(Path::new(env!("CARGO_BIN_EXE_atomic")), home).args(args);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    program.run()
}

/// Variables that name no place, or the usual one in other words.
fn spellings(home: &Home) -> Vec<String> {
    let usual = home.path().join("AppData").join("Local").display().to_string();
    let nowhere = ["", "relative", "C:relative", "\\rooted", "%LOCALAPPDATA%", "/c/Users/me"];
    let mut all: Vec<String> = nowhere.map(str::to_owned).to_vec();
    all.extend([
        format!("\"{usual}\""),
        format!("{usual}\\"),
        usual.replace('\\', "/"),
        usual.to_uppercase(),
        usual.to_lowercase(),
        format!("\\\\?\\{usual}"),
    ]);
    all
}

/// Everything that is left is in the usual place.
fn assert_one_place(home: &Home, when: &str) {
    for entry in home.tree() {
        let is_there = entry.path.starts_with(FOLDER);
        assert!(is_there || FOLDERS.contains(&entry.path.as_str()), "{when}: {}", entry.path);
    }
}

#[test]
fn a_no_holds_and_there_is_one_place_whatever_the_variable_says() {
    let first = Home::new();
    for at in 0..spellings(&first).len() {
        let home = Home::new();
        let value = &spellings(&home)[at];
        let variable = [("LOCALAPPDATA", value.as_str())];
        for (said, read) in [(&[][..], &variable[..]), (&variable, &[])] {
            let output = atomic(&home, &["telemetry", "off"], said);
            assert_eq!(output.code(), Some(0), "{value}: {}", output.stderr_text());
            let status = atomic(&home, &["telemetry", "status"], read).stdout_text();
            assert!(
                status.starts_with("Telemetry: DISABLED (reason: config:"),
                "{value}: {status}"
            );
            assert!(!status.contains("\\\\?\\"), "{value}: {status}");
            assert_one_place(&home, value);
            let output = atomic(&home, &["telemetry", "on"], said);
            assert_eq!(output.code(), Some(0), "{value}: {}", output.stderr_text());
            let status = atomic(&home, &["telemetry", "status"], read).stdout_text();
            assert!(status.starts_with("Telemetry: ENABLED"), "{value}: {status}");
            assert_one_place(&home, value);
        }
    }
}

#[test]
fn a_variable_refuses_in_any_case() {
    let home = Home::new();
    for name in ["do_not_track", "Do_Not_Track", "DO_NOT_TRACK"] {
        let status = atomic(&home, &["telemetry", "status"], &[(name, "1")]).stdout_text();
        assert!(status.contains("DISABLED (reason: env:DO_NOT_TRACK=1)"), "{name}: {status}");
    }
}

/// The home of Git Bash is one that only its own programs can read.
#[test]
fn the_home_of_another_shell_is_not_this_one() {
    let home = Home::new();
    for other in ["/c/Users/me", "C:\\Users\\somebody", "Z:\\"] {
        let output = atomic(&home, &["telemetry", "off"], &[("HOME", other)]);
        assert_eq!(output.code(), Some(0), "{other}: {}", output.stderr_text());
        assert_one_place(&home, other);
    }
}
