//! One event a command: its path, how it went, its exit code, its time, and
//! nothing that it was given.

use headcount_testkit::{Canary, Home};

use crate::stage::{assembly, commands, dumped, events, program, sound};

const KEY: (&str, &str) = ("ASSEMBLYAI_API_KEY", "a-key");

#[test]
fn every_way_a_command_can_end_is_told_by_class_and_exit_code() {
    for (file, content, key, outcome, code) in [
        ("talk.wav", sound(8_000), "a-key", "success", 0),
        ("talk.wav", sound(8_000), "", "not_authenticated", 4),
        ("talk.wav", b"no sound".to_vec(), "a-key", "api_error", 1),
        ("other.wav", sound(8_000), "a-key", "usage_error", 2),
        ("talk.wav", sound(0), "a-key", "internal_error", 101),
    ] {
        let home = Home::new();
        let work = Home::new();
        work.write("talk.wav", content);
        let program = program(&home, &["transcribe", file]).folder(work.path());
        let output = program.env(KEY.0, key).run();
        assert_eq!(output.code(), Some(code), "{outcome}: {}", output.stderr_text());
        let records = dumped(&home);
        assert_eq!(records.len(), 1, "{outcome}");
        assert_eq!(records[0]["command"], "assembly transcribe");
        assert_eq!(records[0]["outcome"], outcome);
        assert_eq!(records[0]["exit_code"], code);
        assert!(records[0]["duration_ms"].is_u64(), "{outcome}");
    }
}

#[test]
fn a_record_has_the_keys_of_the_document_in_their_order() {
    let home = Home::new();
    let output = program(&home, &["whoami"]).env(KEY.0, KEY.1).env("CI", "true").run();
    assert_eq!(output.code(), Some(0));
    let notice = "Anonymous usage telemetry is on.";
    assert!(output.stderr_text().starts_with(notice), "{}", output.stderr_text());
    let text = home.read(&events());
    let mut keys = Vec::new();
    for part in text.trim_end().trim_matches(['{', '}']).split(",\"") {
        keys.push(part.split("\":").next().unwrap().trim_matches('"'));
    }
    assert_eq!(
        keys,
        [
            "event_id",
            "event",
            "timestamp",
            "command",
            "outcome",
            "exit_code",
            "duration_ms",
            "cli_version",
            "os",
            "python_version",
            "ci",
            "device_id"
        ]
    );
    let records = dumped(&home);
    assert_eq!(records[0]["event"], "command_run");
    assert_eq!(records[0]["ci"], true);
    assert_eq!(records[0]["python_version"], "unknown");
    assert_eq!(records[0]["cli_version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn outside_of_ci_the_flag_says_so() {
    let home = Home::new();
    assembly(&home, &["whoami"]);
    assert_eq!(dumped(&home)[0]["ci"], false);
}

#[test]
fn arguments_keys_and_recordings_stay_here() {
    let canaries = ["file", "folder", "key", "sound"].map(Canary::new);
    let [file, folder, key, talk] = canaries.each_ref().map(Canary::text);
    let home = Home::new();
    let work = Home::new();
    // The last one crashes, so that a message of the runtime is at hand too.
    for rate in [8_000, 0] {
        let mut content = sound(rate);
        content.extend_from_slice(talk.as_bytes());
        work.write(&format!("{folder}/{file}"), content);
        let path = work.path().join(folder).join(file);
        let output = program(&home, &["transcribe", path.to_str().unwrap()])
            .folder(work.path().join(folder))
            .env(KEY.0, key)
            .run();
        assert!(matches!(output.code(), Some(0 | 101)), "{}", output.stderr_text());
    }
    assert_eq!(dumped(&home).len(), 2);
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
    }
}

#[test]
fn looking_at_telemetry_is_recorded_by_status_alone() {
    let home = Home::new();
    for args in [
        &["--version"][..],
        &["--help"],
        &["nonsense"],
        &["telemetry", "flush"],
        &["telemetry", "inspect"],
        &["telemetry", "dump"],
        &["telemetry", "policy"],
        &["telemetry", "nonsense"],
    ] {
        assembly(&home, args);
    }
    assert_eq!(home.tree(), []);
    assembly(&home, &["telemetry", "status"]);
    assembly(&home, &["telemetry", "--json"]);
    assert_eq!(commands(&home), ["assembly telemetry status"; 2]);

    assembly(&home, &["telemetry", "disable"]);
    assembly(&home, &["telemetry", "status"]);
    assert_eq!(commands(&home), [""; 0]);
    assembly(&home, &["telemetry", "enable"]);
    assert_eq!(commands(&home), ["assembly telemetry enable"]);
    assembly(&home, &["telemetry", "clear"]);
    assert_eq!(commands(&home), [""; 0]);
}
