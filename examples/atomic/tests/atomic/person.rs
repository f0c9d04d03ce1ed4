//! The person's commands on the real program: what they print, what they leave.

use std::time::Duration;

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ProgramOutput, TestProgram};

use crate::places::{EVENTS, FOLDER, FOLDERS, SETTINGS};

/// No shipper starts from a process that is marked as one.
const MARKED: (&str, &str) = ("ATOMIC_TELEMETRY_UPLOAD", "1");

fn atomic(home: &Home, words: &str, variables: &[(&str, &str)]) -> ProgramOutput {
    let mut program = TestProgram::new(env!("CARGO_BIN_EXE_atomic"), home).args(words.split(' '));
    for (name, value) in variables {
        program = program.env(name, value);
    }
    program.run()
}

fn on(home: &Home) {
    let output = atomic(home, "telemetry on", &[]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
}

#[test]
fn every_command_is_zero_in_every_state_and_one_line_of_json() {
    for state in ["", "on", "local", "off"] {
        let home = Home::new();
        if !state.is_empty() {
            atomic(&home, &format!("telemetry {state}"), &[]);
            atomic(&home, "update", &[MARKED]);
        }
        for words in ["status", "inspect", "dump", "view", "policy", "flush", "forget", "clear"] {
            let output = atomic(&home, &format!("telemetry {words}"), &[MARKED]);
            let is_empty = words == "dump" && output.stdout_text().is_empty();
            let said = if is_empty { "There are no records on this machine.\n" } else { "" };
            assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), said), "{words}");
            let json = atomic(&home, &format!("telemetry {words} --json"), &[MARKED]);
            assert_eq!((json.code(), json.stderr_text().as_str()), (Some(0), ""), "{words}");
            let text = json.stdout_text();
            assert_eq!(text.matches('\n').count(), 1, "{words}: {text}");
            assert!(text.starts_with(['{', '[']), "{words}: {text}");
        }
        if state.is_empty() {
            assert_eq!(home.tree(), [], "nothing was decided, and nothing is left");
        }
    }
}

#[test]
fn wrong_words_are_two_and_name_the_commands() {
    let home = Home::new();
    for words in ["telemetry stop", "telemetry dump --first 5", "telemetry clear everything"] {
        let output = atomic(&home, words, &[]);
        assert_eq!((output.code(), output.stdout_text().as_str()), (Some(2), ""), "{words}");
        assert_eq!(output.stderr_text().lines().count(), 1, "{words}");
    }
    let sentence = atomic(&home, "telemetry stop", &[]).stderr_text();
    for word in ["status", "on", "off", "local", "inspect", "dump", "view", "clear", "forget"] {
        assert!(sentence.contains(word), "{word} in {sentence}");
    }
    assert_eq!(home.tree(), []);
}

#[test]
fn off_drops_what_waited_and_says_so() {
    let home = Home::new();
    on(&home);
    atomic(&home, "update", &[MARKED]);
    atomic(&home, "update", &[MARKED]);
    let output = atomic(&home, "telemetry disable", &[]);
    assert_eq!(
        output.stdout_text(),
        "Telemetry is off. 2 events that were waiting to be sent are deleted. The id is deleted.\n"
    );
    assert!(!home.path().join(EVENTS).exists());
}

#[test]
fn local_is_recorded_without_an_id_and_never_sent() {
    let server = CaptureServer::start();
    let url = server.url();
    let endpoint = ("ATOMIC_TELEMETRY_ENDPOINT", url.as_str());
    let home = Home::new();
    on(&home);
    atomic(&home, "update", &[MARKED]);
    let output = atomic(&home, "telemetry local", &[endpoint]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    assert!(output.stdout_text().contains("never sent"), "{}", output.stdout_text());
    assert!(!home.path().join(EVENTS).exists(), "what waited to be sent is not kept for later");
    assert!(home.read(SETTINGS).contains("\"enabled\": false"));
    atomic(&home, "update", &[endpoint]);
    atomic(&home, "telemetry flush", &[endpoint]);
    assert!(!home.path().join(EVENTS).exists());
    let lines = atomic(&home, "telemetry dump", &[]).stdout_text();
    assert_eq!(lines.lines().count(), 1);
    assert!(lines.contains("\"anonymousId\":\"local\""), "{lines}");

    // Without the file that says local, the product's own key says off.
    std::fs::remove_file(home.path().join(FOLDER).join("telemetry-state.json")).unwrap();
    let status = atomic(&home, "telemetry status", &[]).stdout_text();
    assert!(status.starts_with("Telemetry: DISABLED (reason: config:enabled=false)\n"), "{status}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn clear_all_leaves_nothing() {
    let home = Home::new();
    on(&home);
    atomic(&home, "update", &[MARKED]);
    let output = atomic(&home, "telemetry clear --all", &[]);
    assert_eq!(output.code(), Some(0), "{}", output.stderr_text());
    let left: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(left, FOLDERS[..2]);
}

#[test]
fn policy_says_where_to_read_and_where_to_report() {
    let output = atomic(&Home::new(), "telemetry policy", &[]);
    let page = "https://atomic.example/telemetry\n";
    let contact = "To report a leak: https://atomic.example/issues\n";
    assert_eq!(output.stdout_text(), [page, contact].concat());
}

/// A JSON text out of a line of JSON, as the shipper would have written it.
fn text_of(json: &str, key: &str) -> String {
    let (_, rest) = json.split_once(&format!("\"{key}\":\"")).expect("a text");
    let mut text = String::new();
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                Some(other) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    text
}

#[test]
fn the_body_inspect_shows_is_the_body_that_arrives_also_once_it_is_sealed() {
    let server = CaptureServer::start();
    server.reply_next(CannedAnswer::status(503).header("retry-after", "1"));
    server.reply_otherwise(
        CannedAnswer::status(200).header("content-type", "application/json").body("{}"),
    );
    let url = server.url();
    let endpoint = ("ATOMIC_TELEMETRY_ENDPOINT", url.as_str());
    let home = Home::new();
    on(&home);
    // One record is too short to be worth compressing, whatever is built in.
    atomic(&home, "update", &[MARKED]);
    let inspected = || atomic(&home, "telemetry inspect --json", &[endpoint, MARKED]).stdout_text();
    let before = inspected();
    assert_eq!(before.matches("\"destination\":").count(), 1, "{before}");
    assert_eq!(text_of(&before, "url"), format!("{url}/v1/logs"));

    atomic(&home, "--upload-telemetry", &[endpoint]);
    let first = server.wait_for(1, Duration::from_secs(20));
    assert_eq!(first[0].text(), text_of(&before, "body"));

    // The destination was busy: the batch stays sealed as it was, and what is
    // recorded meanwhile is a batch of its own.
    atomic(&home, "update", &[MARKED]);
    let after = inspected();
    assert_eq!(after.matches("\"destination\":").count(), 2, "{after}");
    assert_eq!(text_of(&after, "body"), first[0].text());
    let status = atomic(&home, "telemetry status", &[endpoint]).stdout_text();
    assert!(status.contains("Waiting to be sent: 2 events"), "{status}");
}

/// Text for people fits the screen wherever its words permit it, and no
/// command, path or variable is cut.
#[test]
fn every_text_is_wrapped_between_words_to_the_width_of_the_screen() {
    let server = CaptureServer::start();
    // The pause must not end before the last look.
    server.reply_otherwise(CannedAnswer::status(503).header("retry-after", "3600"));
    let (url, home) = (server.url(), Home::new());
    let endpoint = ("ATOMIC_TELEMETRY_ENDPOINT", url.as_str());
    on(&home);
    atomic(&home, "update", &[MARKED]);
    atomic(&home, "--upload-telemetry", &[endpoint]);
    let unknown = ("ATOMIC_TELEMETRY", "perhaps or perhaps not");
    for words in ["status", "sent", "receipts", "policy", "help", "view", "stop", "dump --last x"] {
        let shown = |columns: &str| {
            let screen = ("COLUMNS", columns);
            let output = atomic(&home, &format!("telemetry {words}"), &[endpoint, unknown, screen]);
            format!("{}{}", output.stdout_text(), output.stderr_text())
        };
        let whole = shown("");
        for columns in [40, 50, 60, 80, 120, 200] {
            let text = shown(&columns.to_string());
            // Without counts: a moment later something is a second older.
            let is_count = |word: &str| word.trim_start_matches('(').parse::<u64>().is_ok();
            let split = |text: &str| {
                let words = text.split_whitespace().filter(|word| !is_count(word));
                let words = words.map(|word| if word == "second" { "seconds" } else { word });
                words.map(str::to_owned).collect::<Vec<String>>()
            };
            if words != "view" {
                assert_eq!(split(&text), split(&whole), "{words} at {columns}");
            }
            for line in text.lines().filter(|line| line.chars().count() > columns) {
                let first = line.trim_start();
                let is_one = first.contains("perhaps or perhaps not") || !first.contains(' ');
                assert!(is_one, "{words} at {columns}:\n{text}");
            }
            for part in [
                "atomic telemetry inspect",
                "~/.local/share/atomic/telemetry.json",
                "ATOMIC_TELEMETRY=perhaps or perhaps not",
                "https://atomic.example/telemetry",
            ] {
                let (before, after) = (whole.matches(part).count(), text.matches(part).count());
                assert_eq!(before, after, "{part} at {columns}:\n{text}");
            }
        }
    }
}
