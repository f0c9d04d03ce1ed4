//! `headcount watch` runs a program in a home of its own, judges what it
//! reports, and ends with the program's code or with 1.

use std::time::{Duration, Instant};

use headcount_testkit::{Home, ProgramOutput};
use serde_json::Value as Json;

use super::stage::headcount;

const PROGRAM: &str = env!("CARGO_BIN_EXE_headcount");

fn catalog(name: &str) -> String {
    super::stage::catalog(name).to_string_lossy().into_owned()
}

fn watch(home: &Home, options: &[&str], program: &[&str]) -> ProgramOutput {
    let path = catalog("atomic");
    let args = [&["--catalog", &path], options, &["--"], program].concat();
    // As on a runner of a CI, where programs record nothing.
    headcount(home, &["watch"]).args(&args).env("CI", "true").run()
}

/// What `sh` runs: an event, and more.
fn script(then: &str) -> String {
    let path = catalog("atomic");
    format!(
        "'{PROGRAM}' record --catalog '{path}' atomic_command command=update success=true{then}"
    )
}

fn record<'a>(path: &'a str, event: &[&'a str]) -> Vec<&'a str> {
    [&[PROGRAM, "record", "--catalog", path], event].concat()
}

#[test]
fn what_a_program_reports_is_shown_and_its_own_code_returned() {
    let home = Home::new();
    let path = catalog("atomic");
    let event = record(&path, &["atomic_command", "command=update", "success=true"]);
    let output = watch(&home, &["--json", "report.json"], &event);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(0), "{said}");
    assert!(said.contains("watch: atomic_command "), "{said}");
    assert!(said.contains(" command=update success=true"), "{said}");
    assert!(said.contains("watch: without CI, which would turn telemetry off"), "{said}");
    assert!(said.contains("\nwatch:        1  atomic_command\n"), "{said}");
    assert!(said.contains("never seen:\nwatch:   atomic_command.agentType\n"), "{said}");
    assert!(said.contains("watch:   cli_command\n"), "{said}");
    assert!(said.contains("What we NEVER collect:"), "{said}");
    assert!(said.ends_with("watch: Nothing is wrong.\n"), "{said}");
    let report: Json = serde_json::from_str(&home.read("report.json")).unwrap();
    assert_eq!(report["counts"]["atomic_command"], 1, "{report}");
    assert_eq!(
        (&report["exitCode"], report["wrong"].as_array().map(Vec::len)),
        (&0.into(), Some(0))
    );
    assert_eq!(report["events"][0]["fields"]["command"], "update", "{report}");
    let left: Vec<_> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(left, ["report.json"], "the person's own home");
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_keeps_its_code_and_what_it_left_running_is_waited_for() {
    let home = Home::new();
    let output = watch(&home, &[], &["sh", "-c", &script("; exit 7")]);
    assert_eq!(output.code(), Some(7), "{}", output.stderr_text());
    let forks = format!("(sleep 1; {}) & exit 0", script(""));
    let output = watch(&home, &["--settle", "8"], &["sh", "-c", &forks]);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(0), "{said}");
    assert!(said.contains("watch: atomic_command "), "{said}");
}

/// A program with an older catalog, of an event that is no more.
#[test]
fn what_the_catalog_does_not_allow_is_wrong() {
    let home = Home::new();
    let text = std::fs::read_to_string(catalog("atomic")).unwrap();
    let with = |name: &str| {
        format!(
            "{text}\n[event.{name}]\nwhy = \"Does it?\"\nowner = \"cli team\"\nproperty = {{}}\n"
        )
        .replace("property = {}\n", "")
    };
    home.write("old.toml", with("crashed"));
    let old = home.path().join("old.toml").to_string_lossy().into_owned();
    // The person agrees to the older one, as its program asks.
    let agrees = format!(
        "'{PROGRAM}' telemetry on --catalog '{old}' >&2; '{PROGRAM}' record --strict --catalog '{old}' crashed"
    );
    let output = watch(&home, &[], &["sh", "-c", &agrees]);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(1), "{said}");
    assert!(said.contains("the catalog has no event with this name (unknown-event)"), "{said}");
}

#[test]
fn silence_is_wrong_unless_the_person_has_not_agreed() {
    let home = Home::new();
    let quiet = [PROGRAM, "--version"];
    let output = watch(&home, &[], &quiet);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(1), "{said}");
    assert!(said.contains("the program wrote no event of atomic below its home"), "{said}");
    let path = catalog("atomic");
    let event = record(&path, &["atomic_command", "command=update", "success=true"]);
    for consent in ["no", "unanswered"] {
        let output = watch(&home, &["--consent", consent], &event);
        let said = output.stderr_text();
        assert_eq!(output.code(), Some(0), "{consent}: {said}");
        assert!(said.ends_with("watch: Nothing is wrong.\n"), "{consent}: {said}");
        assert!(!said.contains("atomic_command "), "{consent}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_is_killed() {
    let home = Home::new();
    let began = Instant::now();
    let output = watch(&home, &["--timeout", "1", "--settle", "0"], &["sleep", "600"]);
    let said = output.stderr_text();
    assert_eq!(output.code(), Some(1), "{said}");
    assert!(said.contains("did not end within 1 s, and was killed"), "{said}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn what_cannot_be_watched_is_a_sentence() {
    let home = Home::new();
    let output = watch(&home, &[], &["no-such-program-anywhere"]);
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("no-such-program-anywhere cannot be started"));
    home.write("a-file", "");
    let output = watch(&home, &["--home", "a-file/home"], &[PROGRAM]);
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("cannot be used"), "{}", output.stderr_text());
    let own = home.path().to_string_lossy().into_owned();
    let output = watch(&home, &["--home", &own], &[PROGRAM]);
    assert_eq!(output.code(), Some(1));
    assert!(output.stderr_text().contains("is your own home"), "{}", output.stderr_text());
    let missing = headcount(&home, &["watch", "--", PROGRAM]).run();
    assert_eq!(missing.code(), Some(2));
    assert!(missing.stderr_text().contains("telemetry.toml: cannot read the catalog"));
    let none = headcount(&home, &["watch"]).run();
    assert_eq!(none.code(), Some(2));
}
