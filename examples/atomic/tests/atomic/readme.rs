//! What the README says is what Atomic does: its events, commands, words and
//! files.

use headcount_testkit::Home;

use crate::stage::{agreed, atomic, files, project};

const README: &str = include_str!("../../README.md");
const CATALOG: &str = include_str!("../../telemetry.toml");

#[test]
fn it_has_every_event_command_and_word_of_the_catalog() {
    let events = CATALOG.lines().filter_map(|line| line.strip_prefix("[event."));
    let mut names: Vec<&str> = events
        .filter_map(|line| line.strip_suffix(']'))
        .filter(|name| !name.contains('.'))
        .collect();
    names.push("telemetry_report");
    let rows: Vec<&str> = README
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with('.'))
        .collect();
    assert_eq!(rows, names);
    for word in [
        "init",
        "update",
        "uninstall",
        "run",
        "cli",
        "session_hook",
        "claude",
        "opencode",
        "copilot",
    ] {
        assert!(CATALOG.contains(&format!("\"{word}\"")), "{word}");
        assert!(README.contains(&format!("`{word}`")), "{word}");
    }
    let usage = atomic(&Home::new(), &["--help"]).stdout_text();
    for command in ["init", "update", "uninstall", "config set telemetry", "telemetry"] {
        assert!(usage.contains(&format!("\n  {command} ")), "{command}");
        assert!(README.contains(&format!("atomic {command}")), "{command}");
    }
    for (variable, value) in [("ATOMIC_TELEMETRY", "0"), ("DO_NOT_TRACK", "1"), ("CI", "true")] {
        assert!(README.contains(variable));
        let home = agreed();
        let status = crate::stage::program(&home, &["telemetry", "status"]).env(variable, value);
        assert!(status.run().stdout_text().starts_with("Telemetry: DISABLED"), "{variable}");
    }
}

/// Of each agent: what `init` makes is in the table, and nothing else is made.
#[test]
fn it_has_every_file_that_init_makes() {
    for agent in ["claude", "copilot", "opencode"] {
        let home = agreed();
        assert_eq!(atomic(&home, &["init", "--agent", agent]).code(), Some(0));
        let folder = project(&home);
        for (path, bytes) in files(&folder) {
            let name = path.strip_prefix(&folder).expect("below it").to_string_lossy().into_owned();
            assert!(bytes.is_empty() || README.contains(&format!("`{name}`")), "{name}");
        }
    }
}
