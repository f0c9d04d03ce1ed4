//! The question of a catalog with several purposes, in a real terminal:
//! *Choose*, what is kept of it, and the screens on the page for people.
#![cfg(target_os = "linux")]

use std::path::Path;

use headcount_testkit::{CatalogHead, CursorState, Home, Seat, SeatEnd};

use super::stage::headcount;

const HEAD: CatalogHead = CatalogHead {
    name: "wren",
    default: "ask",
    settings: ("telemetry.json", "enabled"),
    queue: "events.jsonl",
};

const REST: &str = r#"
[identity]
scheme = "none"
[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "hour" }
version = "version"
"*" = "properties"
[[destination]]
kind = "headcount"
endpoint = "https://telemetry.wren.example/api/v1/events"
[retention]
on-machine = "30d"
raw = "90d"
[purpose.usage]
title = "Usage"
why = "Which commands are used, so that the rest can be simpler."
[purpose.crash]
title = "Crash reports"
why = "Where Wren crashes, so that it can be mended."
[event.command]
why = "Which commands are used?"
owner = "wren"
[event.command.properties]
name = { choice = ["build", "run"] }
[event.panic]
why = "Where does it crash?"
owner = "wren"
purpose = "crash"
[event.panic.properties]
location = "location"
"#;

const QUESTION: &str = "Help improve Wren by enabling anonymous telemetry?";
const DOWN: &str = "\u{1b}[B";
const ENTER: &str = "\r";

fn catalog(home: &Home) -> String {
    home.write("wren.toml", HEAD.with(REST)).display().to_string()
}

fn sit_down(home: &Home, columns: u16) -> Seat {
    let catalog = catalog(home);
    let args = ["ask", "--catalog", &catalog, "--program", "wren"];
    Seat::take(Path::new(env!("CARGO_BIN_EXE_headcount")), home, &args, &[], columns, "")
}

/// Whether the last question on the screen is this one, and the cursor is on
/// this choice.
fn asks(question: &'static str, choice: &'static str) -> impl Fn(&str) -> bool {
    move |screen| {
        // What is wrapped is one sentence all the same.
        let joined = screen.replace("\n│  ", " ");
        let last = joined.rsplit_once('◆').map_or("", |(_, last)| last);
        last.contains(question) && joined.contains(&format!("● {choice}"))
    }
}

/// Chooses, and answers each purpose with a key.
fn chosen(home: &Home, columns: u16, keys: [&str; 2]) -> [String; 3] {
    let mut seat = sit_down(home, columns);
    let question = seat.see(asks(QUESTION, "No"));
    seat.press(DOWN);
    seat.see(asks(QUESTION, "Choose by purpose"));
    seat.press(ENTER);
    let usage = seat.see(asks("Usage? Which commands are used", "No"));
    seat.press(keys[0]);
    seat.see(asks("Crash reports? Where Wren crashes", "No"));
    seat.press(keys[1]);
    let SeatEnd { code, screen, cursor } = seat.end();
    assert_eq!((code, cursor), (0, CursorState::Shown), "{screen}");
    [question, usage, screen]
}

/// The states of the whole and of each purpose.
fn status(home: &Home) -> (String, Vec<(String, String)>) {
    let catalog = catalog(home);
    let output = headcount(home, &["telemetry", "--catalog", &catalog, "status", "--json"]).run();
    let json: serde_json::Value = serde_json::from_str(&output.stdout_text()).unwrap();
    let purposes = json["purposes"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("on").to_owned();
    let purposes = purposes.map(|it| (text(&it["name"]), text(&it["by"])));
    (text(&json["state"]), purposes.collect())
}

#[test]
fn each_purpose_is_asked_for_and_enter_is_no() {
    for (keys, state, usage, crash) in [
        (["y", "y"], "on", "on", "on"),
        (["y", ENTER], "on", "on", "you"),
        (["n", "y"], "on", "you", "on"),
        ([ENTER, "\u{1b}"], "off", "telemetry", "telemetry"),
    ] {
        let home = Home::new();
        let [_, _, screen] = chosen(&home, 80, keys);
        let expected =
            vec![("usage".to_owned(), usage.to_owned()), ("crash".to_owned(), crash.to_owned())];
        assert_eq!(status(&home), (state.to_owned(), expected), "{keys:?}: {screen}");
        // What was said is asked once.
        let again = sit_down(&home, 80).end();
        assert_eq!(again.screen, "", "{keys:?}");
    }
}

/// The same for hosts in other languages, by the words that their people type.
#[test]
fn one_purpose_is_turned_off_and_on_by_its_name() {
    let home = Home::new();
    let catalog = catalog(&home);
    let run = |words: &[&str]| {
        let output = headcount(&home, &["telemetry", "--catalog", &catalog, "--program", "wren"]);
        let output = output.args(words).run();
        (output.code(), output.stdout_text(), output.stderr_text())
    };
    run(&["on"]);
    let (code, out, err) = run(&["off", "crash"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.ends_with("To turn it on again: wren telemetry on crash\n"), "{out}");
    let whose = |place: usize| status(&home).1[place].1.clone();
    assert_eq!((whose(0), whose(1)), ("on".to_owned(), "you".to_owned()));
    assert_eq!(run(&["on", "crash"]).0, Some(0));
    assert_eq!(whose(1), "on");
    let (code, out, err) = run(&["off", "crahs"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert_eq!(err, "unknown purpose `crahs`: use usage or crash\n");
    let help = run(&["off", "--help"]).1;
    assert!(help.contains("[PURPOSE]") && help.contains("The name of a purpose"), "{help}");
}

#[test]
fn c_chooses_and_an_interruption_answers_nothing() {
    let home = Home::new();
    let before = home.tree();
    let mut seat = sit_down(&home, 80);
    seat.see(asks(QUESTION, "No"));
    seat.press("c");
    seat.see(asks("Usage? Which commands are used", "No"));
    seat.press("y");
    seat.see(asks("Crash reports? Where Wren crashes", "No"));
    // Of what was chosen so far nothing is kept.
    seat.press("\u{3}");
    let end = seat.end();
    assert_eq!(end.cursor, CursorState::Shown);
    let files = |tree: &[headcount_testkit::TreeEntry]| {
        tree.iter().map(|entry| entry.path.clone()).filter(|path| path != "wren.toml").count()
    };
    assert_eq!(files(&home.tree()), files(&before));
}

/// The screens on the page for people are those of a real run. With the
/// variable `UPDATE` set they are written there instead of compared.
#[test]
fn the_screens_of_choose_on_the_page_are_real() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/people.md");
    let before = std::fs::read_to_string(&page).unwrap();
    let mut after = before.clone();
    for columns in [80, 50] {
        let home = Home::new();
        let [question, usage, answered] = chosen(&home, columns, ["y", ENTER]);
        let last = |screen: &str| screen.rsplit_once('◆').map(|(_, last)| format!("◆{last}"));
        let after_it = answered.rsplit_once("◇  Usage").map(|(_, rest)| format!("◇  Usage{rest}"));
        for (name, screen) in [
            ("choose", question),
            ("chosen", format!("{}\n\n{}", last(&usage).unwrap(), after_it.unwrap())),
            ("purposes", listed(&home, columns)),
        ] {
            for line in screen.lines() {
                assert!(line.chars().count() <= usize::from(columns), "{line}");
            }
            after = with_screen(&after, &format!("{name}-{columns}"), &screen);
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&page, after).unwrap();
    } else {
        assert_eq!(before, after, "run this test with UPDATE=1 and look at what changed");
    }
}

/// The purposes in `status`, in a terminal.
fn listed(home: &Home, columns: u16) -> String {
    let catalog = catalog(home);
    let args = ["telemetry", "--catalog", &catalog, "--program", "wren", "status"];
    let program = Path::new(env!("CARGO_BIN_EXE_headcount"));
    let screen = Seat::take(program, home, &args, &[], columns, "").end().screen;
    let (_, rest) = screen.split_once("Purposes:").expect("status lists them");
    let (rest, _) = rest.split_once("\n\n").expect("and goes on");
    format!("Purposes:{rest}")
}

/// The page with a screen between its marks.
fn with_screen(page: &str, name: &str, screen: &str) -> String {
    let (open, close) = (format!("<!-- screen {name} -->\n"), format!("<!-- end {name} -->"));
    let (head, rest) = page.split_once(&open).unwrap_or_else(|| panic!("{open} is on the page"));
    let (_, tail) = rest.split_once(&close).unwrap_or_else(|| panic!("{close} is on the page"));
    format!("{head}{open}```text\n{screen}\n```\n{close}{tail}")
}
