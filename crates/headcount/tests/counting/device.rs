//! Counting devices without an id: which event carries a mark, what of it is
//! on the machine, and what becomes of that.

use std::fs;
use std::sync::atomic::Ordering;

use headcount::catalog::Raw;
use headcount::{Catalog, Session, person};
use headcount_testkit::Home;
use serde_json::{Value as Json, json};

use crate::scene::{self, Said, queued};
use crate::tool::{TEXT, expected, seen, tool};

/// A Saturday.
const SATURDAY: &str = "2026-11-28";

/// The state, from the home.
const STATE: &str = "base/tool/telemetry-state.json";

/// An event of a run on that day.
fn tick(catalog: &'static Catalog, home: &Home, day: &str) -> String {
    let session = scene::open_at(catalog, home, &format!("{day}T12:00:00Z"));
    recorded(catalog, home, &session)
}

/// Records an event and returns its marks and its age: `day,week 0`.
fn recorded(catalog: &'static Catalog, home: &Home, session: &Session) -> String {
    let before = queued(catalog, home).len();
    session.try_record(&Said::new(catalog, "tick", &[("number", Raw::Integer(1))])).unwrap();
    let lines = queued(catalog, home);
    assert_eq!(lines.len(), before + 1);
    marks(&lines[before])
}

/// The marks and the age on a line; empty where it has neither.
fn marks(line: &str) -> String {
    let line: Json = serde_json::from_str(line).unwrap();
    match (line.get("first"), line.get("age")) {
        (None, None) => String::new(),
        (Some(first), Some(age)) => {
            let first: Vec<&str> =
                first.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
            format!("{} {}", first.join(","), age.as_str().unwrap())
        }
        other => panic!("one without the other: {other:?}"),
    }
}

fn state(home: &Home) -> Json {
    serde_json::from_str(&home.read(STATE)).unwrap()
}

fn say(catalog: &'static Catalog, home: &Home, day: &str, words: &[&str]) -> person::Reply {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let session = scene::open_at(catalog, home, &format!("{day}T12:00:00Z"));
    let reply = person::run(&session, &words);
    assert_eq!(reply.code, 0, "{words:?}: {}", reply.err);
    reply
}

#[test]
fn the_first_event_of_a_day_a_week_and_a_month_says_so() {
    let (catalog, home) = (tool(), Home::new());
    for (day, expected) in [
        (SATURDAY, "day,week,month 0"),
        (SATURDAY, ""),
        ("2026-11-29", "day 0"),
        ("2026-11-30", "day,week 1"),
        ("2026-11-30", ""),
        ("2026-12-01", "day,month 1"),
        ("2026-12-31", "day,week 4-7"),
        ("2027-01-01", "day,month 4-7"),
        ("2027-01-01", ""),
        ("2027-01-18", "day,week 8+"),
        ("2028-02-29", "day,week,month 8+"),
        ("2028-03-01", "day,month 8+"),
    ] {
        // What is old goes with its segment.
        let _ = fs::remove_file(home.path().join("base/tool/events.jsonl"));
        assert_eq!(tick(catalog, &home, day), expected, "{day}");
    }
    assert_eq!(
        state(&home)["counted"],
        json!({
            "day": ["2027-01-01", "2027-01-18", "2028-02-29", "2028-03-01"],
            "week": ["2026-11-30", "2026-12-28", "2027-01-18", "2028-02-28"],
            "month": ["2026-12-01", "2027-01-01", "2028-02-01", "2028-03-01"],
            "since": "2026-11-23",
        })
    );
}

/// Most records need no file for it: the state is as old as the last mark.
#[test]
fn nothing_is_written_where_no_mark_is_due() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    let before = home.read(STATE);
    let modified = || fs::metadata(home.path().join(STATE)).unwrap().modified().unwrap();
    let (session, written) = (scene::open_at(catalog, &home, "2026-11-28T13:00:00Z"), modified());
    for _ in 0..20 {
        assert_eq!(recorded(catalog, &home, &session), "");
    }
    assert_eq!((home.read(STATE), modified()), (before, written));
}

#[test]
fn a_program_that_stays_marks_each_period_whatever_its_clock_does() {
    let (catalog, home) = (tool(), Home::new());
    let (session, clock) = scene::stay(catalog, &home);
    let at = |text: &str| clock.store(scene::time(text).milliseconds(), Ordering::Relaxed);
    for (now, expected) in [
        ("2026-11-30T23:59:59Z", "day,week,month 0"),
        ("2026-12-01T00:00:00Z", "day,month 0"),
        ("2026-11-30T23:59:59Z", ""),
        ("2026-12-01T00:00:01Z", ""),
        ("2026-11-29T12:00:00Z", "day,week 0"),
        ("2026-12-02T00:00:00Z", "day 1"),
        ("2026-11-29T23:59:59Z", ""),
        ("2026-12-02T00:00:00Z", ""),
        ("1970-01-01T00:00:00Z", "week,month 0"),
        ("2026-12-31T23:59:59Z", "day,week 4-7"),
        ("2027-01-01T00:00:00Z", "day,month 4-7"),
        ("2026-12-31T23:59:59Z", ""),
        ("2027-01-04T00:00:00Z", "day,week 4-7"),
    ] {
        at(now);
        assert_eq!(recorded(catalog, &home, &session), expected, "{now}");
        assert_eq!(recorded(catalog, &home, &session), "", "{now}");
    }
}

/// Also where the clock passes midnight within the second for which a decision
/// holds.
#[test]
fn midnight_passes_between_two_records() {
    let (catalog, home) = (tool(), Home::new());
    let (session, clock) = scene::stay(catalog, &home);
    let start = scene::time("2026-11-30T23:59:59.900Z").milliseconds();
    for (passed_ms, expected) in
        [(0, "day,week,month 0"), (50, ""), (100, "day,month 0"), (101, "")]
    {
        clock.store(start + passed_ms, Ordering::Relaxed);
        assert_eq!(recorded(catalog, &home, &session), expected, "{passed_ms}");
    }
}

#[test]
fn of_many_threads_one_has_the_mark() {
    let (catalog, home) = (tool(), Home::new());
    let (session, clock) = scene::stay(catalog, &home);
    let mut numbers = 0;
    for day in 0..6 {
        let noon = scene::time("2026-11-28T12:00:00Z").milliseconds() + day * 86_400_000;
        clock.store(noon, Ordering::Relaxed);
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let event = Said::new(catalog, "tick", &[("number", Raw::Integer(1))]);
                    for _ in 0..3 {
                        session.try_record(&event).unwrap();
                    }
                });
            }
        });
        numbers += 48;
    }
    let lines = queued(catalog, &home);
    assert_eq!(lines.len(), numbers);
    assert_eq!(seen(&lines), expected("2026-11-28", 6));
}

/// On a machine where somebody had agreed, a state without marks has lost them.
#[test]
fn where_the_state_is_lost_nothing_is_marked_until_the_next_period() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    fs::remove_file(home.path().join(STATE)).unwrap();
    for (day, expected) in [
        (SATURDAY, ""),
        ("2026-11-27", ""),
        ("2026-11-01", ""),
        ("2026-11-29", "day 0"),
        ("2026-11-30", "day,week 1"),
        ("2026-12-01", "day,month 1"),
    ] {
        assert_eq!(tick(catalog, &home, day), expected, "{day}");
    }
}

/// A state that was cut refuses. After a yes nothing is marked before the next
/// period.
#[test]
fn a_state_that_was_cut_marks_nothing_twice() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    let whole = home.read(STATE);
    for length in [0, 1, whole.len() / 2, whole.len() - 2] {
        home.write(STATE, &whole[..length]);
        let session = scene::open_at(catalog, &home, "2026-11-28T13:00:00Z");
        assert!(!session.decision().is_on(), "{length}");
        say(catalog, &home, SATURDAY, &["on"]);
        assert_eq!(tick(catalog, &home, SATURDAY), "", "{length}");
    }
    assert_eq!(tick(catalog, &home, "2026-11-29"), "day 0");
}

#[test]
fn what_is_planted_for_marks_marks_nothing_twice() {
    for planted in [
        json!(null),
        json!([]),
        json!("none"),
        json!(7),
        json!({"day": "2026-11-28"}),
        json!({"day": [7]}),
        json!({"day": [null], "week": ["2026-11-23"]}),
        json!({"day": ["2026-11-31"]}),
        json!({"day": ["2026-11-28T00:00:00Z"]}),
        json!({"week": ["2026-11-24"]}),
        json!({"month": ["2026-11-02"]}),
        json!({"month": {"2026-11-01": true}}),
    ] {
        let (catalog, home) = (tool(), Home::new());
        tick(catalog, &home, SATURDAY);
        let mut text = state(&home);
        text["counted"] = planted.clone();
        home.write(STATE, text.to_string());
        assert_eq!(tick(catalog, &home, SATURDAY), "", "{planted}");
        assert_eq!(tick(catalog, &home, "2026-11-26"), "", "{planted}");
        assert_eq!(tick(catalog, &home, "2026-11-29"), "day 0", "{planted}");
    }
}

/// A first day in the far future or past, or that is not a day, is never a
/// negative age.
#[test]
fn a_planted_first_week_makes_no_age_that_is_not_one() {
    for (since, age) in [
        (json!("2099-01-01"), "0"),
        (json!("1970-01-01"), "8+"),
        (json!("2026-11-18"), "2-3"),
        (json!("soon"), "0"),
        (json!(7), "0"),
        (json!(null), "0"),
    ] {
        let (catalog, home) = (tool(), Home::new());
        tick(catalog, &home, SATURDAY);
        let mut text = state(&home);
        text["counted"]["since"] = since.clone();
        home.write(STATE, text.to_string());
        assert_eq!(tick(catalog, &home, "2026-12-01"), format!("day,week,month {age}"), "{since}");
    }
}

/// More than this release keeps, in any order: a newer one may have written it.
#[test]
fn the_newest_of_many_count() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    let mut text = state(&home);
    text["counted"]["day"] =
        json!(["2026-11-28", "2026-11-20", "2026-11-26", "2026-11-22", "2026-11-24", "2026-11-18"]);
    home.write(STATE, text.to_string());
    for (day, expected) in [("2026-11-21", "week 0"), ("2026-11-23", "day 1"), ("2026-11-23", "")] {
        assert_eq!(tick(catalog, &home, day), expected, "{day}");
    }
}

#[test]
fn off_and_on_mark_nothing_again() {
    let (catalog, home) = (tool(), Home::new());
    assert_eq!(tick(catalog, &home, SATURDAY), "day,week,month 0");
    let counted = state(&home)["counted"].clone();
    for word in ["off", "local"] {
        let reply = say(catalog, &home, SATURDAY, &[word]);
        assert!(!reply.out.contains("The id"), "{}", reply.out);
        assert_eq!(state(&home)["counted"], counted, "{word}");
        say(catalog, &home, SATURDAY, &["on"]);
        assert_eq!(tick(catalog, &home, SATURDAY), "", "{word}");
    }
    assert_eq!(tick(catalog, &home, "2026-11-30"), "day,week 1");
}

#[test]
fn records_for_the_person_only_have_no_marks() {
    let (catalog, home) = (tool(), Home::new());
    say(catalog, &home, SATURDAY, &["local"]);
    let session = scene::open_at(catalog, &home, "2026-11-28T13:00:00Z");
    let event = Said::new(catalog, "tick", &[("number", Raw::Integer(1))]);
    session.try_record(&event).unwrap();
    let line = home.read("base/tool/telemetry-state/local.jsonl");
    assert_eq!(marks(line.lines().next().unwrap()), "");
    assert!(state(&home).get("counted").is_none());
    say(catalog, &home, SATURDAY, &["on"]);
    assert_eq!(tick(catalog, &home, SATURDAY), "day,week,month 0");
}

#[test]
fn clear_and_forget_begin_the_age_anew_and_count_nothing_twice() {
    for word in ["clear", "forget"] {
        let (catalog, home) = (tool(), Home::new());
        tick(catalog, &home, SATURDAY);
        let reply = say(catalog, &home, "2026-12-31", &[word]);
        let said = reply.out.to_lowercase();
        assert!(said.contains("the age of this machine and the one recorded event"), "{said}");
        assert!(!said.contains("the id and"), "{said}");
        assert_eq!(state(&home)["counted"].get("since"), None);
        assert_eq!(tick(catalog, &home, SATURDAY), "", "{word}");
        assert_eq!(tick(catalog, &home, "2026-12-31"), "day,week,month 0", "{word}");
        assert_eq!(tick(catalog, &home, "2027-01-04"), "day,week,month 1", "{word}");
    }
}

#[test]
fn after_clear_all_a_device_is_a_new_one() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    say(catalog, &home, SATURDAY, &["clear", "--all"]);
    assert!(!home.path().join(STATE).exists());
    assert_eq!(tick(catalog, &home, "2026-12-31"), "day,week,month 0");
}

/// A yes is kept before the first event. The device is new all the same.
#[test]
fn the_first_event_after_a_yes_is_that_of_a_new_device() {
    let (catalog, home) = (scene::catalog(&TEXT.replace("\"on\"", "\"off\"")), Home::new());
    say(catalog, &home, "2026-11-20", &["on"]);
    assert_eq!(state(&home)["counted"], json!({}));
    say(catalog, &home, "2026-11-20", &["on"]);
    assert_eq!(tick(catalog, &home, SATURDAY), "day,week,month 0");
}

/// A release with an id was here before: its devices are not new.
#[test]
fn a_product_that_gives_up_its_ids_counts_its_devices_from_the_next_period() {
    let by_id = TEXT
        .replace(
            "scheme = \"none\"\ncount = [\"day\", \"week\", \"month\"]",
            "scheme = \"random\"\nfile = \"id\"",
        )
        .replace("time = \"time\"", "time = \"time\"\ndevice = \"device\"");
    let (before, home) = (scene::catalog(&by_id), Home::new());
    tick(before, &home, SATURDAY);
    let catalog = tool();
    assert_eq!(tick(catalog, &home, SATURDAY), "");
    assert_eq!(tick(catalog, &home, "2026-11-29"), "day 0");
    // The older one runs in turn, and keeps what it does not know.
    tick(before, &home, "2026-11-29");
    assert_eq!(tick(catalog, &home, "2026-11-29"), "");
}

/// Who agreed to days has agreed to days.
#[test]
fn a_period_that_is_new_in_a_release_is_withheld() {
    let days = TEXT.replace("[\"day\", \"week\", \"month\"]", "[\"day\"]");
    let (before, home) = (scene::catalog(&days), Home::new());
    assert_eq!(tick(before, &home, SATURDAY), "day 0");
    let catalog = tool();
    assert_eq!(tick(catalog, &home, SATURDAY), "");
    assert_eq!(tick(catalog, &home, "2026-11-30"), "day 1");
    say(catalog, &home, "2026-11-30", &["on"]);
    // No week was marked before, so nothing is marked twice.
    assert_eq!(tick(catalog, &home, "2026-11-30"), "week,month 1");
    assert_eq!(tick(catalog, &home, "2026-12-01"), "day,month 1");
}

/// The event is recorded, and the mark is left to a later one.
#[test]
fn an_event_without_its_mark_is_better_than_none() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    let lock = home.path().join("base/tool/telemetry-state/change.lock");
    let _ = fs::remove_file(&lock);
    fs::create_dir(&lock).unwrap();
    assert_eq!(tick(catalog, &home, "2026-11-29"), "");
    fs::remove_dir(&lock).unwrap();
    assert_eq!(tick(catalog, &home, "2026-11-29"), "day 0");
}

/// Only what is recorded is marked.
#[test]
fn what_is_shown_and_the_farewell_take_no_mark() {
    let (catalog, home) = (tool(), Home::new());
    tick(catalog, &home, SATURDAY);
    let before = scene::tree(&home);
    let session = scene::open_at(catalog, &home, "2026-11-30T12:00:00Z");
    let event = Said::new(catalog, "tick", &[("number", Raw::Integer(1))]);
    assert_eq!(marks(&session.line(&event).unwrap()), "");
    for words in [&["status"][..], &["inspect"], &["dump"], &["view"]] {
        say(catalog, &home, "2026-11-30", words);
    }
    assert_eq!(scene::tree(&home), before);
    let counted = state(&home)["counted"].clone();
    say(catalog, &home, "2026-11-30", &["off"]);
    assert_eq!(state(&home)["counted"], counted);
}

#[test]
fn status_says_how_the_machine_is_counted() {
    let (catalog, home) = (tool(), Home::new());
    let status = |day| say(catalog, &home, day, &["status"]).out;
    let line = "Anonymous ID: none. The first event of each day, week and month is marked as such, with this machine's age in weeks";
    assert!(status(SATURDAY).contains(&format!("{line}\n")), "{}", status(SATURDAY));
    tick(catalog, &home, SATURDAY);
    let said = status("2026-12-08");
    assert!(said.contains(&format!("{line} (now 2-3, since 2026-11-23)\n")), "{said}");
    let json = say(catalog, &home, "2026-12-08", &["status", "--json"]).out;
    let json: Json = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json["marks"],
        json!({
            "periods": ["day", "week", "month"],
            "newest": {"day": "2026-11-28", "week": "2026-11-23", "month": "2026-11-01"},
            "since": "2026-11-23",
            "age": "2-3",
        })
    );
}

/// The same machine in a folder that a project moves, with or without a state
/// that it plants there.
#[cfg(unix)]
#[test]
fn a_folder_that_a_variable_moves_makes_no_other_device() {
    let (catalog, home) = (tool(), Home::new());
    let moved = home.path().join("proj");
    let at = |day: &str, variables: &[(&str, &str)]| -> headcount::Surroundings {
        scene::surroundings(home.path(), &format!("{day}T12:00:00Z"), variables)
    };
    let folder = moved.to_string_lossy().into_owned();
    let elsewhere = |day: &str| {
        let session = scene::open_in(catalog, at(day, &[("TOOL_HOME", folder.as_str())]));
        let event = Said::new(catalog, "tick", &[("number", Raw::Integer(1))]);
        session.try_record(&event).unwrap();
        marks(home.read("proj/tool/events.jsonl").lines().last().unwrap())
    };
    assert_eq!(tick(catalog, &home, SATURDAY), "day,week,month 0");
    assert_eq!(elsewhere(SATURDAY), "");
    assert_eq!(elsewhere("2026-11-29"), "day 0");
    assert_eq!(tick(catalog, &home, "2026-11-29"), "");
    fs::remove_dir_all(&moved).unwrap();
    home.write("proj/tool/telemetry-state.json", "{\"format\": 1, \"counted\": {}}");
    assert_eq!(elsewhere("2026-11-29"), "");
    assert_eq!(elsewhere("2026-11-30"), "day,week 1");
    assert_eq!(tick(catalog, &home, "2026-11-30"), "");
    // Cleared there, it is cleared here.
    let session = scene::open_in(catalog, at("2026-12-31", &[("TOOL_HOME", folder.as_str())]));
    assert_eq!(person::run(&session, &["clear".to_owned()]).code, 0);
    assert_eq!(tick(catalog, &home, "2026-12-31"), "day,week,month 0");
}
