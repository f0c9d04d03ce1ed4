//! Crash reports are a purpose of their own: a person can refuse them and keep
//! the rest.

use headcount_testkit::{Canary, Home};
use serde_json::{Value, json};

use crate::stage::{EVENTS, atomcode, crashing, dumped, only, told};

fn purposes(home: &Home) -> Value {
    let output = atomcode(home, &["telemetry", "status", "--json"]);
    let status: Value = serde_json::from_str(&output.stdout_text()).unwrap();
    status["purposes"].clone()
}

fn say(home: &Home, words: &str) -> String {
    let words: Vec<&str> = ["telemetry"].into_iter().chain(words.split(' ')).collect();
    let output = atomcode(home, &words);
    assert_eq!((output.code(), output.stderr_text().as_str()), (Some(0), ""), "{words:?}");
    output.stdout_text()
}

#[test]
fn a_crash_is_not_recorded_once_crash_reports_are_off() {
    let home = told();
    let crash = || atomcode(&home, &["-p", &crashing(Canary::new("prompt").text())]);
    assert_eq!(crash().code(), Some(101));
    assert_eq!(only(&dumped(&home), "panic").len(), 1);
    let said = say(&home, "off crash");
    assert!(
        said.starts_with("Crash reports: off. One event that was waiting to be sent is deleted.\n"),
        "{said}"
    );
    assert_eq!(crash().code(), Some(101), "the host ends as before");
    let records = dumped(&home);
    assert_eq!(only(&records, "panic").len(), 0);
    assert_eq!(only(&records, "open_atomcode").len(), 2, "the rest goes on");
    assert!(!home.read(EVENTS).contains("panic"));
    say(&home, "on crash");
    crash();
    assert_eq!(only(&dumped(&home), "panic").len(), 1);
}

#[test]
fn status_and_notice_name_both_purposes() {
    let home = Home::new();
    let notice = atomcode(&home, &["-p", "hello"]).stderr_text();
    let lines = "Turn off one purpose alone: atomcode telemetry off PURPOSE\n  • usage: How the program is used, and whether it works.\n  • crash: Where AtomCode crashes, so that it can be fixed.\n";
    assert!(notice.ends_with(lines), "{notice}");
    let text = say(&home, "status");
    assert!(
        text.contains("Purposes:\n  usage         Usage: on\n  crash         Crash reports: on\n"),
        "{text}"
    );
    say(&home, "off usage");
    assert_eq!(
        purposes(&home),
        json!([
            {"name": "usage", "title": "Usage", "on": false, "by": "you"},
            {"name": "crash", "title": "Crash reports", "on": true, "by": null},
        ])
    );
    let said = say(&home, "off crash");
    assert!(said.contains("No purpose is on any more, so nothing is recorded."), "{said}");
}

/// Whoever says it at the same moment: no answer is lost.
#[test]
fn two_that_are_said_at_once_are_both_kept() {
    let home = told();
    std::thread::scope(|scope| {
        for words in ["off crash", "off usage", "off crash", "off usage"] {
            scope.spawn(|| say(&home, words));
        }
        for _ in 0..2 {
            scope.spawn(|| say(&home, "on"));
        }
    });
    let by: Vec<Value> =
        purposes(&home).as_array().unwrap().iter().map(|it| it["by"].clone()).collect();
    assert_eq!(by, [json!("you"), json!("you")]);
}
