//! Purposes that are refused: what is recorded, what is dropped, what a later
//! release may not set free, and what a broken file does.

use headcount::catalog::Raw;
use headcount::person::{self, Reply};
use headcount::{Catalog, RecordError, Session};
use headcount_testkit::{CatalogHead, Home};
use serde_json::{Value as Json, json};

use crate::scene::{self, Said, Taken, edited, open, queued};

const HEAD: CatalogHead = CatalogHead {
    name: "tool",
    default: "on",
    settings: ("telemetry.json", "enabled"),
    queue: "telemetry-events.jsonl",
};

const REST: &str = r#"
[identity]
scheme = "random"
file = "device-id"
rotate = "never"
[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "minute" }
device = "device"
version = "version"
"*" = "properties"
[[destination]]
kind = "headcount"
endpoint = "https://telemetry.tool.example/api/v1/events"
[retention]
on-machine = "30d"
raw = "90d"
[purpose.usage]
title = "Usage"
why = "Which commands are used."
[purpose.crash]
title = "Crash reports"
why = "Where Tool crashes."
[event.command]
why = "Which commands are used?"
owner = "cli team"
[event.command.properties]
name = { choice = ["build", "run"] }
[event.panic]
why = "Where does it crash?"
owner = "cli team"
purpose = "crash"
[event.panic.properties]
thread = { choice = ["main", "worker"] }
"#;

pub(crate) const STATE: &str = ".tool/telemetry-state.json";

/// The catalog's text with these changes.
pub(crate) fn text(changes: &[(&str, &str)]) -> String {
    edited(&HEAD.with(REST), changes)
}

pub(crate) fn catalog(changes: &[(&str, &str)]) -> &'static Catalog {
    scene::catalog(&text(changes))
}

pub(crate) fn command(catalog: &'static Catalog) -> Said {
    Said::new(catalog, "command", &[("name", Raw::Text("build"))])
}

pub(crate) fn panic(catalog: &'static Catalog) -> Said {
    Said::new(catalog, "panic", &[("thread", Raw::Text("worker"))])
}

/// A later release in which the purpose has another name, the events have it
/// under another purpose, or there is no such purpose any more.
pub(crate) const RENAMED: [(&str, &str); 2] = [
    ("[purpose.crash]\n", "[purpose.faults]\nwas = \"crash\"\n"),
    ("purpose = \"crash\"", "purpose = \"faults\""),
];
pub(crate) const MOVED: [(&str, &str); 2] =
    [("[purpose.crash]\n", "[purpose.health]\n"), ("purpose = \"crash\"", "purpose = \"health\"")];
pub(crate) const VANISHED: [(&str, &str); 2] = [
    ("[purpose.crash]\ntitle = \"Crash reports\"\nwhy = \"Where Tool crashes.\"\n", ""),
    ("purpose = \"crash\"\n", ""),
];

/// A home whose person was told, and has said yes to this catalog.
pub(crate) fn agreed(catalog: &'static Catalog) -> Home {
    let home = Home::new();
    person::grant(&open(catalog, &home)).unwrap();
    home
}

pub(crate) fn say(session: &Session, words: &str) -> Reply {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    person::run(session, &words)
}

/// Says it, and expects that it is done.
#[track_caller]
pub(crate) fn done(catalog: &'static Catalog, home: &Home, words: &str) -> String {
    let reply = say(&open(catalog, home), words);
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{words}");
    reply.out
}

#[track_caller]
pub(crate) fn json(catalog: &'static Catalog, home: &Home, words: &str) -> Json {
    serde_json::from_str(&done(catalog, home, &format!("{words} --json"))).unwrap()
}

#[track_caller]
pub(crate) fn purposes(catalog: &'static Catalog, home: &Home) -> Json {
    json(catalog, home, "status")["purposes"].clone()
}

#[track_caller]
pub(crate) fn is_withheld(catalog: &'static Catalog, home: &Home) -> bool {
    let session = open(catalog, home);
    session.try_record(&command(catalog)).unwrap();
    match session.try_record(&panic(catalog)) {
        Ok(()) => false,
        Err(error) => {
            assert!(RecordError::is_withheld(&error), "{error}");
            true
        }
    }
}

#[test]
fn a_refused_purpose_is_not_recorded_and_the_rest_goes_on() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    assert!(!is_withheld(catalog, &home));
    assert_eq!(queued(catalog, &home).len(), 2);
    let said = done(catalog, &home, "off crash");
    assert!(
        said.starts_with("Crash reports: off. One event that was waiting to be sent is deleted."),
        "{said}"
    );
    // Nothing of it is left on the disk, whatever the file is called.
    let has_panic = |home: &Home| {
        scene::tree(home).iter().any(|(path, text)| {
            let text = String::from_utf8_lossy(text);
            !path.ends_with("telemetry-state.json")
                && !path.ends_with("agreed.json")
                && text.contains("panic")
        })
    };
    assert!(!has_panic(&home));
    assert!(is_withheld(catalog, &home));
    assert!(!has_panic(&home));
    let taken = Taken::default();
    let flushed = open(catalog, &home).flush(&taken);
    let bodies: String =
        taken.requests().iter().filter_map(|it| it.text().map(str::to_owned)).collect();
    assert_eq!((flushed.arrived.taken, bodies.contains("panic")), (2, false), "{bodies}");
    // It is not a loss: the person wanted it.
    let status = json(catalog, &home, "status");
    assert_eq!((&status["lost"], &status["waiting"]["events"]), (&json!({}), &json!(0)));

    let said = done(catalog, &home, "on crash");
    assert_eq!(said, "Crash reports: on. To see what is sent: tool telemetry inspect\n");
    assert!(!is_withheld(catalog, &home));
}

#[test]
fn status_lists_purposes_with_their_state_and_whose_word_it_is() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    let usage = json!({"name": "usage", "title": "Usage", "on": true, "by": null});
    let crash =
        |on: bool, by: Json| json!({"name": "crash", "title": "Crash reports", "on": on, "by": by});
    assert_eq!(purposes(catalog, &home), json!([usage, crash(true, Json::Null)]));
    let reply = json(catalog, &home, "off crash");
    let refused = crash(false, json!("you"));
    assert_eq!(reply, json!({"purpose": refused, "dropped": 0, "droppedLocal": 0}));
    assert_eq!(purposes(catalog, &home), json!([usage, crash(false, json!("you"))]));
    let text = done(catalog, &home, "status");
    let lines = "Purposes:\n  usage         Usage: on\n  crash         Crash reports: off, you refused it (to turn it on: tool telemetry on crash)\n";
    assert!(text.contains(lines), "{text}");
    // What would be sent shows none of it, nor a sample.
    let inspect = done(catalog, &home, "inspect");
    assert!(inspect.contains("\"command\"") && !inspect.contains("\"panic\""), "{inspect}");
    done(catalog, &home, "off usage");
    let inspect = done(catalog, &home, "inspect");
    assert!(inspect.ends_with("Nothing is recorded: every purpose is refused.\n"), "{inspect}");
    done(catalog, &home, "on usage");
    // A yes to everything keeps what was refused, and says so.
    let said = done(catalog, &home, "on");
    assert!(
        said.ends_with(
            "Crash reports: still off, because you refused this purpose. To turn it on: tool telemetry on crash\n"
        ),
        "{said}"
    );
    assert_eq!(json(catalog, &home, "on")["refused"], json!(["crash"]));
    assert!(is_withheld(catalog, &home));
    let reply = json(catalog, &home, "on crash");
    assert_eq!(reply, json!({"purpose": crash(true, Json::Null)}));
}

/// While telemetry is off, an answer about a purpose is saved, and nothing
/// else.
#[test]
fn it_can_be_said_while_telemetry_is_off_as_a_whole() {
    let catalog = catalog(&[("default = \"on\"", "default = \"ask\"")]);
    let home = Home::new();
    let said = done(catalog, &home, "off crash");
    assert_eq!(
        said,
        "Crash reports: off. No event of this purpose was waiting.\nTelemetry as a whole is off (default).\nTo turn it on again: tool telemetry on crash\n"
    );
    let files: Vec<String> = home.tree().into_iter().map(|entry| entry.path).collect();
    assert_eq!(files, [".tool/", STATE]);
    let by = |place: usize| purposes(catalog, &home)[place]["by"].clone();
    assert_eq!((by(0), by(1)), (json!("telemetry"), json!("you")));
    person::grant(&open(catalog, &home)).unwrap();
    assert!(is_withheld(catalog, &home));
    done(catalog, &home, "off");
    let said = done(catalog, &home, "on crash");
    assert_eq!(
        said,
        "Crash reports: not refused any more.\nTelemetry as a whole is off (config:enabled=false).\n"
    );
    assert!(!open(catalog, &home).decision().is_on());
    person::grant(&open(catalog, &home)).unwrap();
    assert!(!is_withheld(catalog, &home));
}

#[test]
fn local_records_obey_it_too() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    done(catalog, &home, "local");
    assert!(!is_withheld(catalog, &home));
    done(catalog, &home, "off crash");
    let dump = done(catalog, &home, "dump");
    assert!(dump.contains("\"command\"") && !dump.contains("panic"), "{dump}");
    assert!(is_withheld(catalog, &home));
    assert!(!done(catalog, &home, "dump").contains("panic"));
    assert_eq!(purposes(catalog, &home)[0]["by"], json!("telemetry"));
}

#[test]
fn an_unknown_purpose_is_told_which_there_are() {
    let with = catalog(&[]);
    let home = agreed(with);
    let before = scene::tree(&home);
    for words in ["off crashes", "on Crash", "off crash\u{1b}[2J"] {
        let reply = say(&open(with, &home), words);
        assert_eq!(reply.code, 2, "{words}");
        assert!(reply.err.ends_with(": use usage or crash\n"), "{}", reply.err);
        assert!(!reply.err.contains('\u{1b}'), "{:?}", reply.err);
    }
    let without = scene::catalog(&edited(
        &text(&VANISHED),
        &[("[purpose.usage]\ntitle = \"Usage\"\nwhy = \"Which commands are used.\"\n", "")],
    ));
    let reply = say(&open(without, &home), "off crash");
    assert_eq!(reply.code, 2);
    let said = "Tool has no separate purposes: use `tool telemetry on` or `tool telemetry off`";
    assert!(reply.err.contains(said), "{}", reply.err);
    assert!(!done(without, &home, "status").contains("Purposes"));
    assert_eq!(scene::tree(&home), before);
}

/// What was refused stays refused, whatever a release calls it.
#[test]
fn no_release_sets_free_what_was_refused() {
    let first = catalog(&[]);
    for (what, changes) in [("renamed", RENAMED), ("moved", MOVED), ("vanished", VANISHED)] {
        let home = agreed(first);
        done(first, &home, "off crash");
        let later = catalog(&changes);
        assert!(is_withheld(later, &home), "{what}");
        let taken = Taken::default();
        open(later, &home).flush(&taken);
        assert_eq!(taken.requests().len(), 1, "{what}: the command alone");
        // Back and forth: releases may take turns.
        assert!(is_withheld(first, &home), "{what}");
        done(later, &home, "on");
        assert!(is_withheld(later, &home), "{what}");
        let name = match what {
            "renamed" => "faults",
            "moved" => "health",
            _ => "usage",
        };
        done(later, &home, &format!("on {name}"));
        assert!(!is_withheld(later, &home), "{what}");
    }
}

#[test]
fn a_refusal_without_a_purpose_is_listed_and_can_be_taken_back() {
    let home = agreed(catalog(&[]));
    done(catalog(&[]), &home, "off crash");
    let later = catalog(&VANISHED);
    let listed = purposes(later, &home);
    assert_eq!(
        listed,
        json!([
            {"name": "usage", "title": "Usage", "on": true, "by": null, "except": ["panic"]},
            {"name": "crash", "title": null, "on": false, "by": "you"},
        ])
    );
    let text = done(later, &home, "status");
    let except = "usage         Usage: on, except panic, refused under another purpose";
    assert!(text.contains(except), "{text}");
    assert!(text.contains("crash         not in this release: off, you refused it"), "{text}");
    let said = done(later, &home, "on crash");
    assert_eq!(
        said,
        "The refusal of `crash` is taken back. This release has no purpose of that name.\n"
    );
    assert!(!is_withheld(later, &home));
    assert_eq!(say(&open(later, &home), "on crash").code, 2, "it is not known any more");
}

/// A former name is understood, also where it is typed.
#[test]
fn a_former_name_is_a_name() {
    let later = catalog(&RENAMED);
    let home = agreed(later);
    done(later, &home, "off crash");
    let state: Json = serde_json::from_str(&home.read(STATE)).unwrap();
    assert_eq!(state["refusedPurposes"], json!({"faults": ["panic"]}));
    assert!(is_withheld(catalog(&[]), &home), "an older release has the event");
    done(later, &home, "on crash");
    assert!(!is_withheld(later, &home));
}

/// A purpose that is new in a release is off until agreed to.
#[test]
fn a_new_purpose_is_withheld_until_agreed_to_and_that_alone() {
    let first = scene::catalog(
        &text(&VANISHED).split_once("[event.panic]").map(|(head, _)| head.to_owned()).unwrap(),
    );
    let home = agreed(first);
    let more = ("[event.command.properties]\n", "[event.command.properties]\nnew = \"flag\"\n");
    let second = catalog(&[more]);
    assert_eq!(purposes(second, &home)[1]["by"], json!("release"));
    let text = done(second, &home, "status");
    assert!(
        text.contains(
            "Crash reports: off, new in this release (to turn it on: tool telemetry on crash)"
        ),
        "{text}"
    );
    done(second, &home, "on crash");
    let session = open(second, &home);
    session.try_record(&panic(second)).unwrap();
    let news: Vec<String> = session.withheld().iter().map(ToString::to_string).collect();
    assert_eq!(news, ["`new` of `command` is new"], "the rest waits to be agreed to");
    assert_eq!(purposes(second, &home)[1]["by"], Json::Null);
    done(second, &home, "on");
    assert_eq!(open(second, &home).withheld(), []);
}

#[test]
fn an_administrator_refuses_a_purpose_and_is_named() {
    let catalog = catalog(&[]);
    let home = agreed(catalog);
    let policies = Home::new();
    let open = |text: &str| {
        policies.write("tool/telemetry.json", text);
        let mut around = scene::surroundings(home.path(), scene::NOW, &[]);
        around.policies = vec![policies.path().to_path_buf()];
        scene::open_in(catalog, around)
    };
    for (text, on, withheld) in [
        ("{\"telemetry\": \"on\", \"purposes\": {\"crash\": \"off\"}}", true, true),
        ("{\"telemetry\": \"on\", \"purposes\": {\"crash\": \"On\"}}", true, true),
        ("{\"telemetry\": \"on\", \"purposes\": {\"crash\": \"on\"}}", true, false),
        ("{\"telemetry\": \"on\", \"purposes\": {\"other\": \"off\"}}", true, false),
        ("{\"telemetry\": \"on\", \"purposes\": {}}", true, false),
        ("{\"telemetry\": \"on\", \"purposes\": {\"crash\": false}}", false, true),
        ("{\"telemetry\": \"on\", \"purposes\": [\"crash\"]}", false, true),
        ("{\"telemetry\": \"on\", \"purposes\": null}", false, true),
        ("{\"purposes\": {\"crash\": \"off\"}}", false, true),
    ] {
        let session = open(text);
        assert_eq!(session.decision().is_on(), on, "{text}");
        assert_eq!(session.try_record(&panic(catalog)).is_err(), withheld, "{text}");
        assert_eq!(session.try_record(&command(catalog)).is_ok(), on, "{text}");
    }
    let refusing = "{\"telemetry\": \"on\", \"purposes\": {\"crash\": \"off\"}}";
    let reply = say(&open(refusing), "on crash");
    assert_eq!(reply.code, 0);
    assert!(
        reply.out.starts_with("Your answer is saved, but an administrator refuses this purpose ("),
        "{}",
        reply.out
    );
    let status: Json = serde_json::from_str(&say(&open(refusing), "status --json").out).unwrap();
    assert_eq!(status["purposes"][1]["by"], json!("administrator"));
    let text = say(&open(refusing), "status").out;
    assert!(text.contains("Crash reports: off, an administrator refuses it ("), "{text}");
}
