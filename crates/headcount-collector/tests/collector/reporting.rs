//! Reports of a running collector: once a week or a month, whatever restarts,
//! with a channel that fails.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use headcount_catalog::Time;
use headcount_collector::{
    AlertChannel, AlertCondition, AlertMessage, AlertRule, Collector, Registry, ReportDay,
    ReportRule, Weekday, offline,
};

use crate::asking::{self, FIRST, LAST, TOOL, run};
use crate::counting;
use crate::fixture::{Fixture, line_of};
use crate::store_choice::only_embedded;
use crate::stored::EventFolder;

const DAY: Duration = Duration::from_secs(86_400);

/// Longer than any test waits for a turn of the thread.
const LONG: Duration = Duration::from_secs(60);

struct Reported {
    messages: Receiver<AlertMessage>,
    is_broken: Arc<AtomicBool>,
    rule: ReportRule,
}

impl Reported {
    /// On Mondays from 8 on; the fixture's day is Friday, 2026-11-20.
    fn new() -> Self {
        Self::with("weekly", ReportDay::Week(Weekday::Monday))
    }

    /// On the first of a month from 8 on.
    fn monthly() -> Self {
        Self::with("monthly", ReportDay::Month(1))
    }

    fn with(name: &str, on: ReportDay) -> Self {
        let (send, messages) = mpsc::channel();
        let (send, is_broken) = (Mutex::new(send), Arc::new(AtomicBool::new(false)));
        let broken = Arc::clone(&is_broken);
        let deliver = move |message: &AlertMessage| {
            if broken.load(Ordering::SeqCst) {
                return Err("nobody answers".to_owned());
            }
            send.lock().unwrap().send(message.clone()).map_err(|error| error.to_string())
        };
        let rule = ReportRule {
            name: name.to_owned(),
            products: vec!["atomic".to_owned(), "archon".to_owned()],
            on,
            hour: 8,
            channels: vec![AlertChannel { kind: "email", deliver: Arc::new(deliver) }],
        };
        Self { messages, is_broken, rule }
    }
}

/// Starts it with the report, and with an alert of this name that never rings.
fn start(fixture: &mut Fixture, reported: &Reported, alert: &str) {
    fixture.stop();
    let mut running = Collector::start(fixture.config()).unwrap();
    let rule = AlertRule {
        name: alert.to_owned(),
        product: "atomic".to_owned(),
        condition: AlertCondition::Silence { hours: 8_760 },
        channels: Vec::new(),
    };
    running.watch_alerts(vec![rule], vec![reported.rule.clone()]).unwrap();
    fixture.run(running);
}

/// Waits until the file has a text: a week, or the alert of a start once
/// everything was looked at.
#[track_caller]
fn until_written(fixture: &Fixture, wanted: &str) {
    let file = fixture.config().data.join("alerts.json");
    until(&|| std::fs::read_to_string(&file).is_ok_and(|text| text.contains(wanted)), wanted);
}

#[track_caller]
fn until_known(fixture: &Fixture, week: &str) {
    until_written(fixture, &format!("\"weekly\": \"{week}\""));
}

#[track_caller]
fn until(is_so: &dyn Fn() -> bool, what: &str) {
    let end = Instant::now() + LONG;
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Three devices in the week of 9 November and two in the one after; one of
/// their five events failed.
fn send(fixture: &Fixture) {
    let lines = [
        line_of(1, "2026-11-09", "update"),
        line_of(2, "2026-11-10", "update"),
        line_of(3, "2026-11-15", "init"),
        line_of(1, "2026-11-16", "init").replace("\"success\":true", "\"success\":false"),
        line_of(4, "2026-11-20", "init"),
        line_of(5, "2026-11-20", "no-such-command"),
    ];
    assert_eq!(fixture.send(&lines).json()["accepted"], 5);
}

const WEEK: &str = "\
Atomic CLI
  Active devices              2 (-33% from 3)
  New devices                 1
  Events that failed          50% of 2 (no clear change from 0% the week before)
  Events rejected on arrival  1
";

#[test]
fn a_week_is_reported_once_whatever_restarts() {
    let mut fixture = Fixture::new();
    let reported = Reported::new();
    start(&mut fixture, &reported, "a-start");
    send(&fixture);
    // The week that was over when the collector got the report is not told.
    until_known(&fixture, "2026-11-09");
    fixture.clock.advance(3 * DAY);
    let message = reported.messages.recv_timeout(LONG).expect("the report of a week");
    assert_eq!((message.text("report"), message.text("week")), ("weekly", "2026-11-16"));
    assert_eq!(message.text("subject"), "week of 16 Nov 2026: Atomic CLI, Archon");
    let text = message.text("text");
    assert!(text.contains(WEEK), "{text}");
    assert!(text.contains("  Newest version              none that enough devices"), "{text}");
    assert!(text.contains("\nArchon\n"), "{text}");
    until_known(&fixture, "2026-11-16");
    // No restart reports it again, and neither does the rest of the week.
    for alert in ["second-start", "third-start"] {
        fixture.clock.advance(DAY);
        start(&mut fixture, &reported, alert);
        until_written(&fixture, alert);
        assert!(reported.messages.try_recv().is_err(), "it was reported twice");
    }
    // Down for three weeks: one report, of the last one.
    fixture.stop();
    fixture.clock.advance(21 * DAY);
    start(&mut fixture, &reported, "fourth-start");
    let message = reported.messages.recv_timeout(LONG).expect("a later report");
    assert_eq!(message.text("week"), "2026-12-07");
    assert!(message.text("text").contains("0 (none the week before either)"), "{message:?}");
    assert!(reported.messages.try_recv().is_err());
}

/// What was reported in a year that is to come keeps nobody waiting until then.
#[test]
fn after_a_clock_that_was_ahead_the_next_week_is_reported() {
    let mut fixture = Fixture::new();
    let reported = Reported::new();
    let ahead = |fixture: &mut Fixture, days: i64| {
        fixture.stop();
        let mut config = fixture.config();
        let clock = Arc::clone(&config.clock);
        config.clock = Arc::new(move || Time::from_seconds(clock().seconds() + days * 86_400));
        let mut running = Collector::start(config).unwrap();
        running.watch_alerts(Vec::new(), vec![reported.rule.clone()]).unwrap();
        fixture.run(running);
    };
    ahead(&mut fixture, 364);
    until_known(&fixture, "2027-11-08");
    ahead(&mut fixture, 0);
    until_known(&fixture, "2026-11-09");
    fixture.clock.advance(3 * DAY);
    let message = reported.messages.recv_timeout(LONG).expect("the report of a week");
    assert_eq!(message.text("week"), "2026-11-16");
}

#[test]
fn a_report_that_is_not_taken_waits_over_a_restart() {
    let mut fixture = Fixture::new();
    let reported = Reported::new();
    reported.is_broken.store(true, Ordering::SeqCst);
    start(&mut fixture, &reported, "a-start");
    send(&fixture);
    until_known(&fixture, "2026-11-09");
    fixture.clock.advance(3 * DAY);
    let failed = "headcount_alert_deliveries_total{result=\"failed\"} 1";
    until(&|| fixture.get("/metrics").body.contains(failed), failed);
    start(&mut fixture, &reported, "a-start");
    reported.is_broken.store(false, Ordering::SeqCst);
    fixture.clock.advance(Duration::from_secs(61));
    let message = reported.messages.recv_timeout(LONG).expect("the report");
    assert!(message.text("text").contains(WEEK), "{message:?}");
    let told = fixture.told.lock().unwrap().join("\n");
    assert!(told.contains("cannot deliver the report `weekly` by email: nobody answers"), "{told}");
}

/// Starts it with this catalog from a folder, as one asks a folder later.
fn serve_folder(fixture: &mut Fixture, catalog: &str) {
    fixture.stop();
    fixture.home.write("catalogs/tool.toml", catalog);
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).unwrap();
    fixture.run(Collector::start(config).unwrap());
}

/// The numbers are those of the page, a folder tells them without its
/// collector, and nothing in them is of a person.
#[test]
fn a_report_has_the_numbers_of_the_page() {
    let mut fixture = Fixture::new();
    serve_folder(&mut fixture, TOOL);
    let devices = [(LAST, "1.5.0", 5), (FIRST, "1.4.0", 6), ("2026-11-13", "1.4.0", 4)];
    let mut lines = Vec::new();
    for (day, version, count) in devices {
        for device in 0..count {
            let number = 1 + lines.len() as u128;
            let mut line = run(number, &format!("d{device}"), day, version);
            line["worked"] = (!number.is_multiple_of(5)).into();
            lines.push(line);
        }
    }
    assert_eq!(asking::send(&fixture, &lines).json()["accepted"], 15);
    let page = fixture.get("/product/tool?from=2026-11-16&to=2026-11-20").body;
    for part in ["<title>week of 16 Nov 2026: 6 devices", "(before: 4)", "<dd>18%</dd>"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    if !only_embedded("a report without the collector reads a folder") {
        return;
    }
    let config = fixture.config();
    let rules = [ReportRule { products: vec!["tool".to_owned()], ..Reported::new().rule }];
    let now = Time::parse("2026-11-23T08:00:00Z").unwrap();
    let told = offline::reports(&config.data, &rules, false, now, "https://h.example").unwrap();
    let text = told[0].text("text");
    let expected = "\
Tool
  Active devices              6 (3 of the 7 days before known)
  New devices                 2
  Events that failed          18% of 11 (3 of the 7 days before known)
  Events rejected on arrival  0
  Events dropped on the way   not reported by this product
  Newest version              1.5.0, 45% of the events
  https://h.example/product/tool?from=2026-11-16&to=2026-11-22
";
    assert!(text.contains(expected), "{text}");
    let ids = lines.iter().flat_map(|line| [&line["id"], &line["device"]]);
    let ids: Vec<String> = ids.map(|id| format!("{} ", id.as_str().unwrap())).collect();
    assert!(!ids.iter().any(|id| text.contains(id.as_str())), "{text}");
}

const MONTH: &str = "\
Atomic CLI
  Active devices              2 (-33% from 3)
  New devices                 cannot be told: ids are replaced on the first of each month
  Events that failed          50% of 2 (no clear change from 0% the month before)
  Events rejected on arrival  1
";

/// Three devices in October and two in November; one of their five events
/// failed.
fn send_months(fixture: &Fixture) {
    let lines = [
        line_of(1, "2026-10-01", "update"),
        line_of(2, "2026-10-10", "update"),
        line_of(3, "2026-10-31", "init"),
        line_of(1, "2026-11-01", "init").replace("\"success\":true", "\"success\":false"),
        line_of(4, "2026-11-20", "init"),
        line_of(5, "2026-11-20", "no-such-command"),
    ];
    assert_eq!(fixture.send(&lines).json()["accepted"], 5);
}

#[test]
fn a_month_is_reported_once_whatever_restarts() {
    let mut fixture = Fixture::new();
    let reported = Reported::monthly();
    start(&mut fixture, &reported, "a-start");
    send_months(&fixture);
    // The month that was over when the collector got the report is not told.
    until_written(&fixture, "\"monthly\": \"2026-10-01\"");
    fixture.clock.advance(11 * DAY);
    let message = reported.messages.recv_timeout(LONG).expect("the report of a month");
    assert_eq!((message.text("report"), message.text("month")), ("monthly", "2026-11-01"));
    assert_eq!(message.text("subject"), "November 2026: Atomic CLI, Archon");
    let text = message.text("text");
    assert!(text.contains(MONTH), "{text}");
    assert!(text.contains("/product/atomic?from=2026-11-01&to=2026-11-30\n"), "{text}");
    assert!(text.contains("\nArchon\n"), "{text}");
    until_written(&fixture, "\"monthly\": \"2026-11-01\"");
    // No restart reports it again, and neither does the rest of the month.
    for (days, alert) in [(1, "second-start"), (29, "third-start")] {
        fixture.clock.advance(days * DAY);
        start(&mut fixture, &reported, alert);
        until_written(&fixture, alert);
        assert!(reported.messages.try_recv().is_err(), "it was reported twice");
    }
    // Down over two months: one report, of the last one.
    fixture.stop();
    fixture.clock.advance(45 * DAY);
    start(&mut fixture, &reported, "fourth-start");
    let message = reported.messages.recv_timeout(LONG).expect("a later report");
    assert_eq!(message.text("month"), "2027-01-01");
    assert!(message.text("text").contains("0 (none the month before either)"), "{message:?}");
    assert!(reported.messages.try_recv().is_err());
}

/// The catalog keeps raw events for ten days. A report of a month is of its
/// counts, and does not lack what has gone meanwhile.
#[test]
fn a_month_is_whole_after_its_raw_events_have_gone() {
    if !only_embedded("a report without the collector reads a folder") {
        return;
    }
    let mut fixture = Fixture::new();
    serve_folder(&mut fixture, TOOL);
    let send = |days: &[(&str, u32)], from: u128| {
        let mut lines = Vec::new();
        for (day, count) in days {
            for device in 0..*count {
                let number = from + lines.len() as u128;
                lines.push(run(number, &format!("d{device}"), day, "1.4.0"));
            }
        }
        let count = lines.len();
        assert_eq!(asking::send(&fixture, &lines).json()["accepted"], count);
    };
    send(&[("2026-11-12", 4), (LAST, 6)], 1);
    fixture.clock.advance(11 * DAY);
    send(&[("2026-11-30", 8), ("2026-12-01", 9)], 100);
    let rules = [ReportRule { products: vec!["tool".to_owned()], ..Reported::monthly().rule }];
    let told = |fixture: &Fixture, now: &str| {
        let (data, now) = (fixture.config().data, Time::parse(now).unwrap());
        let all = offline::reports(&data, &rules, false, now, "https://h.example").unwrap();
        all[0].text("text").to_owned()
    };
    let first = told(&fixture, "2026-12-01T08:00:00Z");
    let expected = "\
Tool
  Active devices              8 (no data for the month before)
  New devices                 6 in the 5 weeks from 26 Oct to 29 Nov 2026
  Events that failed          0% of 18 (no data for the month before)
  Events rejected on arrival  0
  Events dropped on the way   not reported by this product
  Newest version              1.4.0, 100% of the events
  https://h.example/product/tool?from=2026-11-01&to=2026-11-30
";
    assert!(first.contains(expected), "{first}");
    let shown = told(&fixture, "2027-01-01T08:00:00Z");
    let compared = "  Active devices              9 (19 of the 30 days before known)\n";
    assert!(shown.contains(compared), "{shown}");
    // Every raw event goes.
    fixture.clock.advance(20 * DAY);
    fixture.keep_house();
    assert_eq!(EventFolder::of(&fixture).exported("tool").len(), 0);
    assert_eq!(told(&fixture, "2026-12-28T08:00:00Z"), first);
}

/// Devices without an id are counted by the marks of a month, and new ones by
/// those of its weeks. Without marks of months there are events instead.
#[test]
fn a_month_of_marks_is_counted_if_the_catalog_counts_months() {
    if !only_embedded("a report without the collector reads a folder") {
        return;
    }
    let (mut fixture, _) = counting::counted();
    let rules = [ReportRule { products: vec!["tool".to_owned()], ..Reported::monthly().rule }];
    let told = |fixture: &Fixture| {
        let (data, now) = (fixture.config().data, Time::parse("2026-12-01T08:00:00Z").unwrap());
        offline::reports(&data, &rules, true, now, "").unwrap()[0].text("text").to_owned()
    };
    let marks = include_str!("counting.toml");
    serve_folder(&mut fixture, marks);
    let text = told(&fixture);
    let expected = "
Tool
  Active devices              2 (1 of the 31 days before known)
  New devices                 3 in the 5 weeks from 26 Oct to 29 Nov 2026
";
    assert!(text.contains(expected), "{text}");
    let weeks = marks.replace("\"week\", \"month\"", "\"week\"");
    serve_folder(&mut fixture, &weeks.replace("catalog = 1", "catalog = 2"));
    let text = told(&fixture);
    let expected = "\nTool\n  Events                      5 (1 of the 31 days before known)\n";
    assert!(text.contains(expected) && !text.contains("New devices"), "{text}");
}
