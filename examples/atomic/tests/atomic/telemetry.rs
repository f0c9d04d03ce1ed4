//! What Atomic leaves on disk and on the wire, and when.

use std::path::Path;
use std::time::Duration;

use headcount_testkit::{
    CannedAnswer, CaptureServer, CapturedRequest, Home, ProgramOutput, TestProgram,
};

use crate::places::{EVENTS, SETTINGS, TALLY};

fn atomic(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> ProgramOutput {
    let mut program = TestProgram::new(Path::new(env!("CARGO_BIN_EXE_atomic")), home).args(args);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    program.run()
}

/// No shipper starts from a process that is marked as one.
const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

#[test]
fn before_anybody_agreed_nothing_is_created() {
    let home = Home::new();
    for args in [
        &["update"][..],
        &["uninstall"],
        &["telemetry"],
        &["telemetry", "inspect"],
        &["--upload-telemetry"],
    ] {
        let output = atomic(&home, args, &[]);
        assert_eq!(output.code(), Some(0), "{args:?}: {}", output.stderr_text());
    }
    assert_eq!(home.tree(), []);
}

#[test]
fn an_agreed_update_is_one_line_with_the_ten_keys_of_the_document() {
    let home = Home::new();
    assert_eq!(atomic(&home, &["config", "set", "telemetry", "true"], &[]).code(), Some(0));
    assert_eq!(atomic(&home, &["update"], &[MARKED]).code(), Some(0));

    let text = home.read(EVENTS);
    let (line, rest) = text.split_once('\n').unwrap();
    assert_eq!(rest, "");
    let mut keys = Vec::new();
    for part in line.trim_matches(['{', '}']).split(",\"") {
        keys.push(part.split("\":").next().unwrap().trim_matches('"'));
    }
    assert_eq!(
        keys,
        [
            "anonymousId",
            "eventId",
            "eventType",
            "timestamp",
            "command",
            "agentType",
            "success",
            "platform",
            "atomicVersion",
            "source"
        ]
    );
    for part in [
        "\"eventType\":\"atomic_command\"",
        "\"command\":\"update\"",
        "\"agentType\":null",
        "\"success\":true",
        "\"source\":\"cli\"",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[test]
fn the_state_file_has_the_keys_of_the_document_and_no_loses_the_id() {
    let home = Home::new();
    atomic(&home, &["config", "set", "telemetry", "true"], &[]);
    let on = home.read(SETTINGS);
    let keys: Vec<&str> =
        on.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
    assert_eq!(keys, ["enabled", "consentGiven", "anonymousId", "createdAt", "rotatedAt"]);
    assert!(on.contains("\"enabled\": true"), "{on}");

    atomic(&home, &["update"], &[MARKED]);
    let output = atomic(&home, &["config", "set", "telemetry", "false"], &[]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let off = home.read(SETTINGS);
    assert!(off.contains("\"enabled\": false"), "{off}");
    assert!(off.contains("\"anonymousId\": \"\""), "{off}");
    assert!(home.tree().iter().all(|entry| !entry.path.ends_with("telemetry-events.jsonl")));

    atomic(&home, &["update"], &[MARKED]);
    assert!(home.tree().iter().all(|entry| !entry.path.ends_with("telemetry-events.jsonl")));
}

/// The document's TelemetryState, whatever the first answer is.
#[test]
fn a_no_on_a_new_home_has_the_five_keys_too() {
    for no in [&["config", "set", "telemetry", "false"][..], &["telemetry", "off"]] {
        let home = Home::new();
        assert_eq!(atomic(&home, no, &[]).code(), Some(0));
        let state: serde_json::Value = serde_json::from_str(&home.read(SETTINGS)).expect("JSON");
        let keys: Vec<&String> = state.as_object().expect("an object").keys().collect();
        let five = ["anonymousId", "consentGiven", "createdAt", "enabled", "rotatedAt"];
        assert_eq!(keys, five, "{no:?}");
        assert_eq!((&state["enabled"], &state["consentGiven"]), (&false.into(), &false.into()));
        assert_eq!(state["anonymousId"], "");
        let month = state["createdAt"].as_str().expect("a time")[..8].to_owned();
        assert_eq!(state["rotatedAt"], format!("{month}01T00:00:00Z"));
    }
}

#[test]
fn what_was_recorded_arrives_once_after_the_command_has_ended() {
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    let home = Home::new();
    atomic(&home, &["config", "set", "telemetry", "true"], &[]);
    let url = server.url();
    let output = atomic(&home, &["update"], &[("ATOMIC_TELEMETRY_ENDPOINT", url.as_str())]);
    assert_eq!(output.code(), Some(0));
    assert_eq!(output.stderr_text(), "");

    let requests = server.wait_for(1, Duration::from_secs(20));
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/v1/logs"));
    let body = requests[0].text();
    assert!(body.contains("\"eventName\":\"atomic_command\""), "{body}");
    assert!(body.contains("{\"stringValue\":\"atomic\"}"), "{body}");
}

/// §7.2: once a day Atomic says how its uploads went. No test waits for a day,
/// so the tally is told that one is over.
#[test]
fn how_its_uploads_went_goes_with_the_next_of_them() {
    let server = CaptureServer::start();
    let yes = CannedAnswer::status(200).header("content-type", "application/json").body("{}");
    server.reply_next(CannedAnswer::status(400));
    server.reply_otherwise(yes);
    let home = Home::new();
    atomic(&home, &["config", "set", "telemetry", "true"], &[]);
    let url = server.url();
    let endpoint = ("ATOMIC_TELEMETRY_ENDPOINT", url.as_str());
    let command = || {
        atomic(&home, &["update"], &[MARKED]);
        assert_eq!(atomic(&home, &["--upload-telemetry"], &[endpoint]).code(), Some(0));
    };
    command();
    let tally = home.read(TALLY);
    let (head, tail) = tally.split_once("\"at\":").expect("it has begun");
    let (_, tail) = tail.split_once(',').expect("more than that was told");
    home.write(TALLY, format!("{head}\"at\":0,{tail}"));
    command();
    atomic(&home, &["update"], &[MARKED]);
    // Marked, so that it starts no upload beside the one that follows.
    let shown = atomic(&home, &["telemetry", "inspect"], &[endpoint, MARKED]).stdout_text();
    assert_eq!(atomic(&home, &["--upload-telemetry"], &[endpoint]).code(), Some(0));

    let bodies: Vec<String> = server.requests().iter().map(CapturedRequest::text).collect();
    assert_eq!(bodies.len(), 3);
    let said: Vec<bool> = bodies.iter().map(|body| body.contains("telemetry_report")).collect();
    assert_eq!(said, [false, false, true]);
    assert!(shown.contains(&bodies[2]), "what was shown is what went: {shown}");
    for (key, number) in [("uploads_tried", 2), ("uploads_failed", 1), ("lost_rejected", 1)] {
        let attribute = format!("{{\"key\":\"{key}\",\"value\":{{\"intValue\":\"{number}\"}}}}");
        assert!(bodies[2].contains(&attribute), "{attribute} in {}", bodies[2]);
    }
    assert!(!bodies[2].contains("lost_full"), "what did not occur is left out");
}

#[test]
fn refusing_keeps_what_is_queued_and_adds_nothing() {
    let home = Home::new();
    atomic(&home, &["config", "set", "telemetry", "true"], &[]);
    atomic(&home, &["update"], &[MARKED]);
    let before = home.read(EVENTS);
    for variables in [
        &[("ATOMIC_TELEMETRY", "0"), MARKED][..],
        &[("DO_NOT_TRACK", "1"), MARKED],
        &[("CI", "true"), MARKED],
    ] {
        atomic(&home, &["update"], variables);
        assert_eq!(home.read(EVENTS), before, "{variables:?}");
    }
    atomic(&home, &["update", "--no-telemetry"], &[MARKED]);
    assert_eq!(home.read(EVENTS), before);
    atomic(&home, &["update"], &[("ATOMIC_TELEMETRY", "1"), MARKED]);
    assert!(home.read(EVENTS).len() > before.len());
}
