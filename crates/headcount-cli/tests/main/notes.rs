//! `headcount notes`: notes on a day, also while a collector runs and in a
//! backup.

use std::time::{Duration, Instant};

use headcount_testkit::Home;
use serde_json::Value as Json;

use super::stage::{call, headcount, serve};

#[track_caller]
fn run(home: &Home, args: &[&str]) -> (i32, String, String) {
    let output = headcount(home, args).run();
    let code = output.code().expect("it ends by itself");
    (code, output.stdout_text(), output.stderr_text())
}

const ADD: [&str; 10] = [
    "notes",
    "add",
    "--data",
    "data",
    "--product",
    "clacky",
    "--day",
    "2026-11-18",
    "--by",
    "maria",
];

#[test]
fn a_note_reaches_the_collector_that_runs_and_the_backup() {
    let home = Home::new();
    let served = serve(&home);
    let (code, id, stderr) = run(&home, &[&ADD[..], &["Release 1.4.0"]].concat());
    assert_eq!((code, stderr.as_str()), (0, ""));
    let path = "/api/v1/notes?product=clacky&from=2026-11-01&to=2026-11-30";
    let end = Instant::now() + Duration::from_secs(10);
    let seen = loop {
        let (status, body) = call(&served.url, "GET", path, "", "");
        assert_eq!(status, 200, "{body}");
        if body.contains("Release") {
            break body;
        }
        assert!(Instant::now() < end, "it did not hold within ten seconds: {body}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let seen: Json = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen["notes"][0]["id"], id.trim());
    assert_eq!(seen["notes"][0]["by"], "maria");
    assert_eq!(run(&home, &["backup", "--data", "data", "copy"]).0, 0);
    let listed = run(&home, &["notes", "list", "--data", "copy", "--product", "clacky"]).1;
    assert_eq!(listed, format!("{}  clacky  2026-11-18  maria  Release 1.4.0\n", id.trim()));
    let removed = run(&home, &["notes", "remove", id.trim(), "--data", "data"]);
    assert_eq!(removed.0, 0, "{removed:?}");
    let empty = run(&home, &["notes", "list", "--data", "data"]);
    assert_eq!((empty.0, empty.1.as_str()), (0, ""));
    assert!(empty.2.contains("There is no note"), "{empty:?}");
}

#[test]
fn lists_are_for_people_and_for_programs_and_mistakes_are_sentences() {
    let home = Home::new();
    let nowhere = run(&home, &[&ADD[..], &["x"]].concat());
    assert_eq!(nowhere.0, 1);
    assert!(nowhere.2.contains("there is no data folder at data"), "{nowhere:?}");
    std::fs::create_dir(home.path().join("data")).unwrap();
    let (code, id, _) = run(&home, &[&ADD[..8], &["Outage"]].concat());
    assert_eq!(code, 0);
    let line = run(&home, &["notes", "list", "--data", "data", "--json"]).1;
    let line: Json = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["id"], &line["by"]), (&Json::from(id.trim()), &Json::Null));
    let long = "x".repeat(201);
    for (args, code, told) in [
        (vec!["notes", "remove", "n00000000", "--data", "data"], 1, "no note has the id"),
        ([&ADD[..], &[long.as_str()]].concat(), 1, "has 201 characters: use at most 200"),
        ([&ADD[..], &["a\nb"]].concat(), 1, "not one line of text"),
        ([&ADD[..7], &["soon", "x"]].concat(), 2, "not a date"),
        ([&ADD[..9], &["ma ria", "x"]].concat(), 2, "is not a name for a reader"),
    ] {
        let seen = run(&home, &args);
        assert_eq!(seen.0, code, "{args:?}: {seen:?}");
        assert!(seen.2.contains(told), "{args:?}: {seen:?}");
    }
    home.write("data/notes.jsonl", "{}\n");
    let damaged = run(&home, &["notes", "list", "--data", "data"]);
    assert!(damaged.2.contains("line 1 of the notes data"), "{damaged:?}");
}
