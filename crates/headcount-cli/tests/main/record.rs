//! `headcount record`: a script has the same rules as a program.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::{Served, catalog, counted, headcount, serve};

const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

fn record(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> ProgramOutput {
    let path = catalog("atomic");
    let mut program = headcount(home, &["record", "--catalog"]).args([&path]).args(args);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    program.run()
}

fn agree(home: &Home) {
    let path = catalog("atomic");
    let output = headcount(home, &["telemetry", "on", "--catalog"]).args([&path]).run();
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
}

const UPDATE: [&str; 4] =
    ["atomic_command", "command=update", "success=true", "--host-version=2.0.0"];

#[test]
fn a_script_records_nothing_before_the_person_agrees() {
    let home = Home::new();
    let output = record(&home, &UPDATE, &[]);
    assert_eq!(
        (output.code(), output.stdout_text(), output.stderr_text()),
        (Some(0), "".into(), "".into())
    );
    assert_eq!(home.tree(), []);
    let strict = record(&home, &[&UPDATE[..], &["--strict"]].concat(), &[]);
    assert_eq!(strict.code(), Some(1));
    assert!(strict.stderr_text().contains("telemetry is off"), "{}", strict.stderr_text());
    assert_eq!(home.tree(), []);
}

#[test]
fn only_strict_reports_what_the_catalog_does_not_allow() {
    let home = Home::new();
    agree(&home);
    for (args, word) in [
        (&["no_such_event"][..], "no_such_event"),
        (&["atomic_command", "command=dance", "success=true"], "dance"),
        (&["atomic_command", "cwd=/home/me", "success=true"], "cwd"),
        (&["atomic_command", "success"], "key=value"),
        (&["atomic_command", "success=true"], "command"),
        (&["telemetry_report", "uploads_tried=7", "uploads_failed=0"], "only the shipper"),
    ] {
        let output = record(&home, args, &[MARKED]);
        assert_eq!((output.code(), output.stderr_text()), (Some(0), "".into()), "{args:?}");
        let strict = record(&home, &[args, &["--strict"]].concat(), &[MARKED]);
        assert_eq!(strict.code(), Some(1), "{args:?}");
        assert!(strict.stderr_text().contains(word), "{}", strict.stderr_text());
    }
    assert!(home.tree().iter().all(|entry| !entry.path.ends_with(".jsonl")));
}

#[test]
fn a_script_reaches_the_collector_once() {
    let home = Home::new();
    let place = Home::new();
    let Served { running, url } = serve(&place);
    agree(&home);
    let output = record(&home, &UPDATE, &[("ATOMIC_TELEMETRY_ENDPOINT", &url)]);
    assert_eq!((output.code(), output.stderr_text()), (Some(0), "".into()));
    // The shipper is another process. The counter of the collector shows when
    // it is done.
    let start = std::time::Instant::now();
    while counted(&url, "atomic", "stored") == 0 {
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "nothing arrived");
        std::thread::yield_now();
    }
    assert_eq!(counted(&url, "atomic", "stored"), 1);
    assert_eq!(counted(&url, "atomic", "duplicate"), 0);
    drop(running);
}
