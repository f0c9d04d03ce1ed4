//! What a crash tells: its place, the runtime's own words and AtomCode's own
//! functions. The message quotes the prompt, and none of it is left.

use headcount_testkit::{Canary, Home};

use crate::stage::{EVENTS, atomcode, crashing, dumped, only, program};

/// A prompt as hostile as a message can be to whoever scrubs it: quotations in
/// a quotation, a path with spaces, a host, an address.
fn prompt(canary: &Canary) -> String {
    let word = canary.text();
    crashing(&format!(
        "say `{word}` or \"{word}\" to {word} at {word}.example, 'see {word}' in /srv/{word} {word} and {word}@example "
    ))
}

#[test]
fn a_crash_is_recorded_before_the_process_dies_and_scrubbed() {
    let canaries = ["prompt", "folder", "user"].map(Canary::new);
    let home = Home::new();
    let work = Home::new();
    work.write(&format!("{}/notes", canaries[1].text()), "");
    let output = program(&home, &["-p", &prompt(&canaries[0])])
        .folder(work.path().join(canaries[1].text()))
        .env("USER", canaries[2].text())
        .run();
    assert_eq!(output.code(), Some(101));
    let said = output.stderr_text();
    // Since Rust 1.96 the message has no longer the text in it that was cut.
    let whole = said.contains(canaries[0].text()) || said.contains("(bytes 4095..4097 of string)");
    assert!(whole, "the person still sees the whole message: {said}");

    let records = dumped(&home);
    let crash = only(&records, "panic")[0];
    let keys: Vec<&str> = crash.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "app_version",
            "arch",
            "backtrace_top_5",
            "device_id",
            "event_id",
            "id",
            "location",
            "message_head",
            "mode",
            "os",
            "schema_version",
            "session_id",
            "thread",
            "ts",
            "type"
        ]
    );
    assert_eq!((&crash["type"], &crash["thread"]), (&"/".into(), &"main".into()));
    assert_eq!(crash["session_id"], records[0]["session_id"]);
    let place = crash["location"].as_str().unwrap();
    assert!(place.starts_with("examples/atomcode/src/answer.rs:"), "{place}");
    let head = crash["message_head"].as_str().unwrap();
    assert!(head.contains("is not a char boundary; it is inside <text>"), "{head}");
    // A release build keeps the names of functions, and puts some into others.
    let frames = crash["backtrace_top_5"].as_array().unwrap();
    assert_eq!(frames[..2], ["atomcode::answer::shown", "atomcode::answer::to"]);
    assert!(frames.len() <= 5 && (!cfg!(debug_assertions) || frames.len() == 5), "{frames:?}");
    for canary in &canaries {
        assert_eq!(canary.find_in_tree(home.path()), [""; 0]);
    }
    let text = home.read(EVENTS);
    assert!(!text.contains(&home.path().display().to_string()), "{text}");
}

#[test]
fn a_crash_while_it_is_off_leaves_nothing() {
    let home = Home::new();
    let prompt = prompt(&Canary::new("prompt"));
    let output = program(&home, &["-p", &prompt]).env("DO_NOT_TRACK", "1").run();
    assert_eq!(output.code(), Some(101));
    assert_eq!(atomcode(&home, &["--no-telemetry", "-p", &prompt]).code(), Some(101));
    assert_eq!(home.tree(), []);
}
