//! What is shown of text from outside, how text is wrapped, and the words of
//! small numbers.

use headcount::person;
use headcount_testkit::Home;

use crate::scene::{self, say, say_with};

#[test]
fn a_variable_cannot_command_the_terminal_nor_say_a_line_of_its_own() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    for (name, text, shown) in [
        ("ATOMCODE_TELEMETRY", "\u{1b}[2J\u{9b}31m", "\\x1b[2J\\u{9b}31m"),
        ("ATOMCODE_TELEMETRY", "x\nTelemetry: ENABLED", "x\\nTelemetry: ENABLED"),
        ("DO_NOT_TRACK", "\u{202e}on\r", "\\u{202e}on\\r"),
        ("DO_NOT_TRACK", "http://me:secret@proxy", "http://...@proxy"),
        ("ATOMCODE_TELEMETRY_ENDPOINT", "http://me:secret@127.0.0.1:1", "http://...@127.0.0.1:1"),
        ("ATOMCODE_TELEMETRY_ENDPOINT", "me:se/c@ret@127.0.0.1", "...@127.0.0.1"),
        ("ATOMCODE_TELEMETRY_ENDPOINT", "https://h.example/?key=secret", "https://h.example/?..."),
        ("ATOMCODE_TELEMETRY_ENDPOINT", "\u{7}\u{1}\u{2}\u{3}", "\\x07\\x01\\x02\\x03"),
    ] {
        for words in ["status", "inspect", "status --json", "on", "view"] {
            let reply = say_with(catalog, &home, words, &[(name, text)]);
            let out = format!("{}{}", reply.out, reply.err);
            assert!(!out.contains("secret"), "{words}: {out}");
            let raw = |letter: &char| letter.is_control() && *letter != '\n';
            assert_eq!(out.chars().find(raw), None, "{words}: {out}");
            if words == "status" {
                assert!(out.contains(shown), "{shown} in {out}");
                assert_eq!(out.matches("\nTelemetry: ").count(), 0, "{out}");
            }
        }
    }
}

/// Windows has no such names.
#[cfg(unix)]
#[test]
fn a_file_name_is_shown_and_does_no_more() {
    let (catalog, home) = (scene::catalog("atomic"), Home::new());
    home.write("a\u{1b}]0;x\u{7}/atomic/telemetry.json", "{");
    let folder = home.path().join("a\u{1b}]0;x\u{7}").display().to_string();
    let reply = say_with(catalog, &home, "status", &[("XDG_DATA_HOME", &folder)]);
    assert!(reply.out.contains("a\\x1b]0;x\\x07"), "{}", reply.out);
    let reply = say_with(catalog, &home, "on", &[("XDG_DATA_HOME", &folder)]);
    for text in [&reply.out, &reply.err] {
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text}");
    }
}

#[test]
fn a_dump_of_nothing_says_so_and_prints_nothing() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    for words in ["dump", "dump --last 5", "dump --pretty"] {
        let reply = say(catalog, &home, words);
        assert_eq!(
            (reply.code, reply.out.as_str(), reply.err.as_str()),
            (0, "", "There are no records on this machine.\n"),
            "{words}"
        );
    }
    let reply = say(catalog, &home, "dump --json");
    assert_eq!((reply.out.as_str(), reply.err.as_str()), ("[]\n", ""));
}

#[test]
fn inspect_can_be_pretty() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let (line, pretty) = (say(catalog, &home, "inspect"), say(catalog, &home, "inspect --pretty"));
    assert_eq!((line.code, pretty.code), (0, 0), "{}", pretty.err);
    assert!(pretty.out.contains("\n  \"id\": \""), "{}", pretty.out);
    let bare = |text: &str| text.replace([' ', '\n'], "");
    assert_eq!(bare(&line.out), bare(&pretty.out), "the same but for its layout");
    assert_eq!(say(catalog, &home, "inspect --prety").code, 2);
}

#[test]
fn one_of_anything_is_in_the_singular() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let session = scene::open(catalog, &home, &[]);
    session.try_record(&scene::Any::named(catalog, "open_atomcode")).unwrap();
    for (words, one) in
        [("status", "Waiting to be sent: 1 event, "), ("view", "machine: 1 event (")]
    {
        let out = say(catalog, &home, words).out;
        assert!(out.contains(one) && !out.contains("1 events"), "{out}");
    }
}

/// Hints name the program as the person has called it.
#[test]
fn hints_name_what_the_person_types() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let around = headcount::Surroundings {
        call: Some("atomcode-next telemetry".to_owned()),
        ..headcount::Surroundings::given(
            home.path(),
            std::collections::HashMap::new(),
            headcount::Time::parse(scene::NOW).expect("a time"),
        )
    };
    let telemetry = headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), around);
    for words in ["status", "on", "off", "local", "clear", "view", "help", "forget"] {
        let reply = person::run(&telemetry.open(), &[words.to_owned()]);
        let out = format!("{}{}", reply.out, reply.err);
        assert!(!out.contains("atomcode telemetry"), "{words}: {out}");
    }
    let status = person::run(&telemetry.open(), &["status".to_owned()]).out;
    assert!(status.contains("To enable: atomcode-next telemetry on\n"), "{status}");
}
