//! What Atomic says of itself, and what it does not.

use headcount_testkit::Home;

use crate::stage::atomic;

const COMMANDS: [&str; 5] = ["init", "run", "update", "uninstall", "config"];

#[test]
fn the_version_is_one_line() {
    for word in ["--version", "-V"] {
        let output = atomic(&Home::new(), &[word]);
        assert_eq!(output.code(), Some(0));
        assert_eq!(output.stdout_text(), concat!("atomic ", env!("CARGO_PKG_VERSION"), "\n"));
    }
}

#[test]
fn every_command_has_help_and_does_nothing_else_then() {
    let home = Home::new();
    let usage = atomic(&home, &["--help"]).stdout_text();
    for command in COMMANDS {
        assert!(usage.contains(&format!("\n  {command} ")), "{command} in {usage}");
        let text = atomic(&home, &[command, "--help"]).stdout_text();
        assert!(text.starts_with(&format!("Usage: atomic {command}")), "{text}");
        for form in [[command, "-h"], ["help", command]] {
            let output = atomic(&home, &form);
            assert_eq!((output.code(), output.stdout_text()), (Some(0), text.clone()), "{form:?}");
        }
    }
    for form in [["telemetry", "--help"], ["telemetry", "help"]] {
        let output = atomic(&home, &form);
        assert_eq!(output.code(), Some(0), "{form:?}: {}", output.stderr_text());
        assert!(output.stdout_text().contains("atomic telemetry"), "{}", output.stdout_text());
    }
    let left: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(left, ["work/", "work/project/"]);
}

/// The commands with which Atomic and the agents call it are nobody else's.
#[test]
fn what_is_hidden_is_in_no_help() {
    let home = Home::new();
    let mut texts = vec![
        atomic(&home, &["--help"]).stdout_text(),
        atomic(&home, &["telemetry", "help"]).stdout_text(),
        atomic(&home, &["nonsense"]).stderr_text(),
        atomic(&home, &["telemetry", "nonsense"]).stderr_text(),
    ];
    texts.extend(COMMANDS.map(|command| atomic(&home, &[command, "--help"]).stdout_text()));
    for text in texts {
        assert!(!text.is_empty());
        for hidden in ["upload-telemetry", "atomic hook", "  hook", "flush"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
    // And yet they are there.
    assert_eq!(atomic(&home, &["--upload-telemetry"]).code(), Some(0));
    assert_eq!(atomic(&home, &["hook", "claude", "SessionEnd"]).code(), Some(0));
}

#[test]
fn config_set_knows_two_answers() {
    let home = Home::new();
    for args in [
        &["config"][..],
        &["config", "set"],
        &["config", "set", "telemetry"],
        &["config", "set", "telemetry", "maybe"],
        &["config", "set", "colour", "true"],
        &["config", "get", "telemetry"],
    ] {
        let output = atomic(&home, args);
        assert_eq!(output.code(), Some(2), "{args:?}");
        let said = output.stderr_text();
        assert!(said.starts_with("use `atomic config set telemetry true|false`"), "{said}");
    }
}
