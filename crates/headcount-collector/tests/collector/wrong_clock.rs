//! A collector whose clock is wrong, and set right: nothing is lost, and
//! everything is as before.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use headcount_catalog::{Day, Time};
use headcount_collector::{Collector, PassedTime, Registry};
use serde_json::{Value as Json, json};

use crate::asking::{TOOL, run, send};
use crate::fixture::{Fixture, TODAY};
use crate::stored::EventFolder;

const DAY: i64 = 86_400;

/// The clock at noon of the fixture's day.
fn noon() -> i64 {
    Day::parse(TODAY).unwrap().start().seconds() + DAY / 2
}

fn day(days: i32) -> String {
    Day::parse(TODAY).unwrap().plus(days).to_string()
}

/// Starts a collector of one product, which keeps raw events for ten days and
/// has a public page. Its clock is so many days from noon of the fixture's day,
/// and the system measures how much time passes: none.
fn start(fixture: &mut Fixture, days: i64) -> Arc<AtomicI64> {
    fixture.stop();
    let clock = Arc::new(AtomicI64::new(noon() + days * DAY));
    let shown = Arc::clone(&clock);
    let mut config = fixture.config();
    let public = TOOL.replace("[product]", "[product]\npublic = true");
    assert_ne!(public, TOOL);
    let catalog = headcount_catalog::parse(&public).unwrap_or_else(|error| panic!("{error}"));
    config.registry = Registry::of(vec![catalog]).unwrap();
    config.clock = Arc::new(move || Time::from_seconds(shown.load(Ordering::SeqCst)));
    config.passed = PassedTime::Measured;
    fixture.run(Collector::start(config).unwrap());
    clock
}

/// Two events on each of the last ten days.
fn load() -> Vec<Json> {
    let of_day = |back: i32| {
        (1..=2).map(move |device| {
            let number = u128::from(back.unsigned_abs()) * 10 + device;
            run(number << 8, &format!("d{device}"), &day(-back), "1.4.0")
        })
    };
    (0..10).flat_map(of_day).collect()
}

fn later() -> Json {
    run(7 << 80, "d7", TODAY, "1.4.0")
}

#[track_caller]
fn clock(fixture: &Fixture) -> (u16, Option<String>) {
    let ready = fixture.get("/readyz");
    let json = ready.json();
    let parts = json["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["part"] == "the clock").unwrap();
    (ready.status, part["problem"].as_str().map(str::to_owned))
}

#[track_caller]
fn assert_right(fixture: &Fixture) {
    assert_eq!(clock(fixture), (200, None));
    assert!(fixture.get("/metrics").body.contains("\nheadcount_clock_in_doubt 0\n"));
}

#[track_caller]
fn assert_ahead(fixture: &Fixture) {
    let (status, problem) = clock(fixture);
    let problem = problem.unwrap();
    assert!(status == 503 && problem.starts_with("it seems to be ahead"), "{status} {problem}");
    assert!(problem.contains("`clock-is-right`"), "{problem}");
    assert!(fixture.get("/metrics").body.contains("\nheadcount_clock_in_doubt 1\n"));
}

#[track_caller]
fn assert_asked_to_keep(fixture: &Fixture, lines: &[Json]) {
    let answer = send(fixture, lines);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")), "{answer:?}");
    assert!(answer.error().contains("the collector's clock seems to be wrong"), "{answer:?}");
}

fn stored(fixture: &Fixture) -> usize {
    EventFolder::of(fixture).exported("tool").len()
}

fn published(fixture: &Fixture) -> Json {
    let public = fixture.get("/public/tool.json").body;
    serde_json::from_str::<Json>(&public).map_or(Json::Null, |public| public["weeks"].clone())
}

#[test]
fn a_clock_that_was_ahead_has_lost_nothing_and_everything_is_as_before() {
    let mut fixture = Fixture::new();
    start(&mut fixture, 0);
    assert_eq!(send(&fixture, &load()).json()["accepted"], 20);
    fixture.keep_house();
    let weeks = published(&fixture);
    let page = fixture.get("/api/v1/ask/events?product=tool").body;
    // Twice, so that what the first one keeps is not taken for the truth.
    for _ in 0..2 {
        start(&mut fixture, 397);
        let report = fixture.keep_house();
        assert_eq!((report.expired, stored(&fixture)), (0, 20));
        assert_ahead(&fixture);
        assert_asked_to_keep(&fixture, &[later()]);
        // What is too old by any clock is rejected, also now.
        let old = run(1 << 90, "d1", &day(-30), "1.4.0");
        let answer = send(&fixture, &[old]).json();
        assert_eq!(answer["events"][0]["reason"], "too-old", "{answer}");
        assert_eq!(published(&fixture), weeks);
        let told = fixture.told.lock().unwrap().join("\n");
        assert!(told.contains("the clock: it seems to be ahead"), "{told}");
    }
    let refused = fixture.counter("tool", "refused", "clock-in-doubt");
    assert_eq!((refused, fixture.counter("tool", "rejected", "too-old")), (2, 2));
    // An event that somebody with the same wrong clock has sent is no witness.
    let ahead = run(9 << 80, "d9", &day(397), "1.4.0");
    assert_eq!(send(&fixture, &[ahead]).json()["accepted"], 1);

    start(&mut fixture, 0);
    assert_right(&fixture);
    let of_tomorrow = run(8 << 80, "d8", &day(3), "1.4.0");
    let answer = send(&fixture, &[later(), of_tomorrow]).json();
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(1), &json!(1)), "{answer}");
    send(&fixture, &load()).assert_taken(0, 20);
    assert_eq!((fixture.keep_house().expired, stored(&fixture)), (0, 22));
    assert_eq!(published(&fixture), weeks);
    let asked = format!("/api/v1/ask/events?product=tool&from=2026-11-01&to={}", day(-1));
    let now = fixture.get(&asked).json();
    let before: Json = serde_json::from_str(&page).unwrap();
    let (now, before) = (now["rows"].as_array().unwrap(), before["rows"].as_array().unwrap());
    assert!(now.iter().all(|row| before.contains(row)), "{now:?} {before:?}");
}

/// As when the network sets it, after a start and in the middle.
#[test]
fn a_clock_that_is_set_while_it_runs_is_in_doubt_until_it_is_right() {
    let mut fixture = Fixture::new();
    start(&mut fixture, 0);
    assert_eq!(send(&fixture, &load()).json()["accepted"], 20);
    let shown = start(&mut fixture, 397);
    for days in [0, 397, 8, 0, -3, 0] {
        shown.store(noon() + days * DAY, Ordering::SeqCst);
        assert_eq!(fixture.keep_house().expired, 0, "{days}");
        match days {
            0 => assert_right(&fixture),
            -3 => assert!(clock(&fixture).1.unwrap().starts_with("it seems to be behind")),
            _ => assert_ahead(&fixture),
        }
    }
    // A few days ahead may be right, and may be set back.
    shown.store(noon() + 2 * DAY, Ordering::SeqCst);
    fixture.keep_house();
    assert_right(&fixture);
    shown.store(noon(), Ordering::SeqCst);
    assert_right(&fixture);
    assert_eq!(send(&fixture, &[later()]).json()["accepted"], 1);
}

#[test]
fn an_event_that_is_ahead_of_every_clock_holds_nothing_up() {
    let mut fixture = Fixture::new();
    start(&mut fixture, 0);
    assert_eq!(send(&fixture, &load()).json()["accepted"], 20);
    start(&mut fixture, -3);
    assert_asked_to_keep(&fixture, &[later()]);
    let ahead = run(9 << 80, "d9", &day(397), "1.4.0");
    let fresh = run(6 << 80, "d6", &day(-3), "1.4.0");
    let answer = send(&fixture, &[fresh, ahead]).json();
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(1), &json!(1)), "{answer}");
}

/// After a year in a cupboard.
#[test]
fn an_operator_says_that_the_clock_is_right() {
    for is_running in [true, false] {
        let mut fixture = Fixture::new();
        start(&mut fixture, 0);
        assert_eq!(send(&fixture, &load()).json()["accepted"], 20);
        let word = fixture.home.path().join("data/clock-is-right");
        if is_running {
            start(&mut fixture, 397);
            assert_ahead(&fixture);
            std::fs::write(&word, "").unwrap();
        } else {
            fixture.stop();
            std::fs::write(&word, "").unwrap();
            start(&mut fixture, 397);
        }
        assert_right(&fixture);
        assert!(!word.exists(), "it is about the clock of now");
        start(&mut fixture, 397);
        assert_right(&fixture);
        assert_eq!(fixture.keep_house().expired, 20);
        let answer = send(&fixture, &[later()]).json();
        assert_eq!(answer["events"][0]["reason"], "too-old", "{answer}");
    }
}

/// A collector that had nothing yet cannot lose anything.
#[test]
fn without_events_a_clock_is_believed() {
    let mut fixture = Fixture::new();
    start(&mut fixture, 0);
    fixture.keep_house();
    for days in [397, 0] {
        start(&mut fixture, days);
        assert_right(&fixture);
    }
}
