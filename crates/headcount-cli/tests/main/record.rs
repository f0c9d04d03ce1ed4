//! `headcount record`: a script has the same rules as a program.

use headcount_testkit::{Home, ProgramOutput};

use super::stage::{Served, catalog, counted, counting, headcount, serve};

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

/// A host in another language is counted like one in Rust, and says nothing of
/// marks itself.
#[test]
fn a_script_is_counted_without_an_id() {
    let home = Home::new();
    let path = home.write("telemetry.toml", counting());
    let agree = headcount(&home, &["telemetry", "on", "--catalog"]).args([&path]).run();
    assert_eq!(agree.code(), Some(0), "{}", agree.stderr_text());
    let run = |more: &[&str]| {
        let words = ["command", "name=build", "worked=true", "took=850"];
        let program = headcount(&home, &["record", "--strict", "--catalog"]).args([&path]);
        program.args(words).args(more).env("WREN_TELEMETRY_FLUSH", "1").run()
    };
    for _ in 0..3 {
        let output = run(&[]);
        assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    }
    for given in ["first=day", "age=0"] {
        let refused = run(&[given]);
        assert_eq!(refused.code(), Some(1));
        assert!(refused.stderr_text().contains("no property"), "{}", refused.stderr_text());
    }
    let queue = home.tree().into_iter().find(|entry| entry.path.ends_with("/events.jsonl"));
    let lines = home.read(&queue.expect("a queue").path);
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["first"], serde_json::json!(["day", "week", "month"]));
    assert_eq!(lines[0]["age"], "0");
    // A midnight may pass meanwhile.
    let is_new = |line: &&serde_json::Value| line["first"].to_string().contains("month");
    let later = &lines[1..];
    let same_day = |line: &&serde_json::Value| line["time"] == lines[0]["time"];
    assert!(later.iter().filter(same_day).all(|line| line.get("first").is_none()), "{lines:?}");
    assert!(later.iter().filter(is_new).count() <= 1 && lines[0].get("device").is_none());
}

/// A script may be newer than the binary, and its arguments may be any bytes.
#[cfg(unix)]
#[test]
fn whatever_its_arguments_are_record_does_not_fail_its_script() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let home = Home::new();
    agree(&home);
    let bad = OsStr::from_bytes(b"mode=\xff");
    let text = OsStr::new;
    for args in [
        &[text("record")][..],
        &[text("record"), text("--newer-option"), text("atomic_command")],
        &[text("record"), text("atomic_command"), bad],
        &[text("record"), bad],
        &[text("record"), text("--catalog")],
        &[text("record"), text("--catalog"), bad, text("atomic_command")],
        &[text("flush"), text("--newer-option")],
        &[text("flush"), text("--catalog-bytes"), text("no")],
        &[text("flush"), bad],
    ] {
        let output = headcount(&home, &[]).args(args).run();
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
        assert!(!output.stderr_text().contains("panicked"), "{}", output.stderr_text());
    }
    for args in [
        &["record", "--strict", "--newer-option"][..],
        &["recorded"],
        &["telemetry", "--newer-option"],
    ] {
        assert_eq!(headcount(&home, args).run().code(), Some(2), "{args:?}");
    }
    let told = headcount(&home, &["record", "--newer-option"]).run();
    assert!(told.stderr_text().contains("--newer-option"), "{}", told.stderr_text());
}

/// A script tells of a session without an id of its own: each record gets a
/// fresh one, and it is the id of the event.
#[test]
fn an_id_that_is_a_property_is_made_where_it_is_left_out() {
    let home = Home::new();
    agree(&home);
    let session = [
        "agent_session",
        "sessionStartedAt=2026-11-20T10:00:00Z",
        "agentType=claude",
        "commands=/commit,/explain-code",
        "--strict",
    ];
    for _ in 0..2 {
        let output = record(&home, &session, &[MARKED]);
        assert_eq!((output.code(), output.stderr_text()), (Some(0), "".into()));
    }
    let given = [&session[..], &["sessionId=one"]].concat();
    assert_eq!(record(&home, &given, &[MARKED]).code(), Some(0));
    let dump = headcount(&home, &["telemetry", "dump", "--catalog"]).args([&catalog("atomic")]);
    let dump = dump.run().stdout_text();
    let records: Vec<serde_json::Value> =
        dump.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> =
        records.iter().map(|record| record["sessionId"].as_str().unwrap()).collect();
    assert_eq!(ids[2..], ["one"]);
    for id in &ids[..2] {
        assert!(id.len() == 36 && id.as_bytes()[14] == b'4', "{id}");
    }
    assert_ne!(ids[0], ids[1]);
    for record in &records {
        assert_eq!((&record["commandCount"], &record["eventId"]), (&2.into(), &().into()));
    }
    // Of an entry of the envelope nothing is made up.
    let words = ["record", "--strict", "open_atomcode", "mode=tui", "--catalog"];
    let lacking = headcount(&home, &words).args([&catalog("atomcode")]).run();
    assert_eq!(lacking.code(), Some(1));
    assert!(lacking.stderr_text().contains("session_id"), "{}", lacking.stderr_text());
}

#[test]
fn the_help_says_how_the_envelope_is_given_and_it_is_taken_so() {
    let home = Home::new();
    let help = headcount(&home, &["record", "--help"]).run().stdout_text();
    for part in ["properties.archon_git_commit=1a2b3c4", "mode=tui", "`sessionId`"] {
        assert!(help.contains(part), "{help}");
    }
    let path = catalog("archon");
    let archon = |args: &[&str]| headcount(&home, args).args(["--catalog"]).args([&path]);
    assert_eq!(archon(&["telemetry", "on"]).run().code(), Some(0));
    let words = [
        "record",
        "--strict",
        // A first run has a notice for people.
        "--audience=machines",
        "binary.startup",
        "properties.archon_git_commit=1a2b3c4",
        "properties.archon_is_binary=true",
    ];
    let output = archon(&words).env("ARCHON_TELEMETRY_FLUSH", "1").run();
    assert_eq!((output.code(), output.stderr_text()), (Some(0), "".into()));
    let dump = archon(&["telemetry", "dump"]).run().stdout_text();
    assert!(dump.contains("\"archon_git_commit\":\"1a2b3c4\""), "{dump}");
}

/// The shipper finds a catalog whose path is not text.
#[cfg(target_os = "linux")]
#[test]
fn a_catalog_may_be_in_any_folder() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let (home, place) = (Home::new(), Home::new());
    let Served { running, url } = serve(&place);
    agree(&home);
    let folder = home.path().join(OsStr::from_bytes(b"xf\xe9"));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("telemetry.toml");
    std::fs::copy(catalog("atomic"), &file).unwrap();
    let program = headcount(&home, &["record", "--catalog"]).args([&file]).args(UPDATE);
    let output = program.env("ATOMIC_TELEMETRY_ENDPOINT", &url).run();
    assert_eq!((output.code(), output.stderr_text()), (Some(0), "".into()));
    let start = std::time::Instant::now();
    while counted(&url, "atomic", "stored") == 0 {
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "nothing arrived");
        std::thread::yield_now();
    }
    drop(running);
}

#[cfg(target_os = "linux")]
#[test]
fn a_broken_output_changes_no_exit_code() {
    let home = Home::new();
    agree(&home);
    let path = catalog("atomic").display().to_string();
    for (script, code) in [
        ("\"$0\" telemetry --catalog \"$1\" status >/dev/full", 0),
        ("\"$0\" telemetry --catalog \"$1\" dump | head -1", 0),
        ("\"$0\" telemetry --catalog missing status 2>/dev/full", 2),
        ("\"$0\" check \"$1\" >/dev/full", 0),
        ("\"$0\" check \"$1\" >&-", 0),
        ("\"$0\" check missing 2>/dev/full", 2),
        ("\"$0\" --help >/dev/full", 0),
        ("\"$0\" --version >/dev/full", 0),
        ("\"$0\" nonsense 2>/dev/full", 2),
        ("\"$0\" record --newer 2>/dev/full", 0),
        ("\"$0\" record --strict --catalog \"$1\" nothing 2>/dev/full", 1),
        ("\"$0\" serve 2>/dev/full", 2),
    ] {
        let script = format!("set -o pipefail; {script}");
        let program = headcount_testkit::TestProgram::new("/bin/bash", &home);
        let output = program.args(["-c", &script, env!("CARGO_BIN_EXE_headcount"), &path]).run();
        assert_eq!(output.code(), Some(code), "{script}: {}", output.stderr_text());
        assert!(!output.stderr_text().contains("panicked"), "{}", output.stderr_text());
    }
}
