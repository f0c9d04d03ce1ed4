//! What is sent of a device without an id: from memory, by a daemon, with a
//! report, and to a destination that wants less.

use std::time::Duration;

use headcount::ship::Ureq;
use headcount_testkit::{CannedAnswer, CaptureServer, CapturedRequest, Home};
use serde_json::Value as Json;

use crate::ticks as scene;

/// A daemon's host says nothing of itself.
struct NoContext;

impl headcount::Context for NoContext {
    fn entries(&self) -> Vec<(usize, headcount::catalog::Value)> {
        Vec::new()
    }
}

/// What hangs never comes.
const PATIENCE: Duration = Duration::from_secs(30);

const DAY_S: i64 = 86_400;

/// The product without an id.
fn text(kind: &str, server: &CaptureServer) -> String {
    let url = format!("{}{}", server.url(), scene::path(kind));
    let text = scene::text(&[scene::destination("one", kind, &url)]);
    let by_id = "scheme = \"random\"\nfile = \"device\"";
    assert!(text.contains(by_id), "{text}");
    text.replace(by_id, "scheme = \"none\"\ncount = [\"day\", \"week\", \"month\"]")
        .replace("device = \"device\"\n", "")
}

fn server(kind: &str) -> CaptureServer {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes(kind));
    server
}

/// The events in these requests.
fn events(requests: &[CapturedRequest]) -> Vec<Json> {
    let mut events = Vec::new();
    for request in requests {
        let json: Json = serde_json::from_str(&request.text()).expect("JSON");
        events.extend(json["events"].as_array().expect("events").iter().cloned());
    }
    events
}

/// The marks of each event, as they are on the wire.
fn marks(events: &[Json]) -> Vec<String> {
    let one = |event: &Json| {
        assert_eq!(event.get("first").is_some(), event.get("age").is_some(), "{event}");
        event.get("first").map_or(String::new(), |first| format!("{first} {}", event["age"]))
    };
    events.iter().map(one).collect()
}

#[test]
fn an_event_that_is_never_on_disk_has_its_mark() {
    let server = server("http");
    let text = text("http", &server).replace("mode = \"detached\"", "mode = \"thread\"");
    let (catalog, home) = (scene::catalog(&text), Home::new());
    for (day, expected) in [
        (0, [r#"["day","week","month"] "0""#, ""]),
        (0, ["", ""]),
        (1, [r#"["day"] "0""#, ""]),
        (3, [r#"["day","week"] "1""#, ""]),
    ] {
        let before = server.requests().len();
        let session = scene::open(catalog, &home, scene::after(day * DAY_S));
        for number in 0..2 {
            session.try_record(&scene::Tick::new(catalog, number)).unwrap();
            let _ = server.wait_for(before + number as usize + 1, PATIENCE);
        }
        assert_eq!(marks(&events(&server.requests()[before..])), expected, "day {day}");
    }
}

/// Nobody was told: the event is not kept, and has taken no mark.
#[test]
fn an_event_that_may_not_be_sent_yet_takes_no_mark() {
    let server = server("http");
    let text = text("http", &server).replace("mode = \"detached\"", "mode = \"thread\"");
    let (catalog, home) = (scene::catalog(&text), Home::new());
    let surroundings = scene::surroundings(&home, scene::after(0));
    let untold =
        headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings).open();
    assert!(untold.try_record(&scene::Tick::new(catalog, 1)).is_err());
    drop(untold);
    let session = scene::open(catalog, &home, scene::after(0));
    session.try_record(&scene::Tick::new(catalog, 2)).unwrap();
    let _ = server.wait_for(1, PATIENCE);
    assert_eq!(marks(&events(&server.requests())), [r#"["day","week","month"] "0""#]);
}

#[test]
fn a_daemon_marks_its_first_event_of_a_day() {
    let server = server("http");
    let (catalog, home) = (scene::catalog(&text("http", &server)), Home::new());
    scene::tell(catalog, &home);
    let surroundings = scene::surroundings(&home, scene::after(0));
    let telemetry = headcount::Telemetry::new(catalog, headcount::Host::new("1.2.3"), surroundings);
    let daemon = telemetry.daemon(Ureq::new()).expect("a thread");
    for number in 0..5 {
        daemon.record(&NoContext, &scene::Tick::new(catalog, number));
    }
    daemon.shutdown(PATIENCE);
    let marks = marks(&events(&server.requests()));
    assert_eq!(marks, [r#"["day","week","month"] "0""#, "", "", "", ""]);
}

/// The report on uploads is not the person's: it takes no mark, although it may
/// be made first on a day.
#[test]
fn the_report_on_uploads_takes_no_mark() {
    let server = server("http");
    let text = format!("{}\n[report]\nowner = \"tests\"\n", text("http", &server));
    let (catalog, home) = (scene::catalog(&text), Home::new());
    for day in 0..4 {
        scene::ticks(catalog, &home, scene::after(day * DAY_S), [day]);
        scene::ship(catalog, &home, scene::after(day * DAY_S));
    }
    let events = events(&server.requests());
    let (reports, ticks): (Vec<Json>, Vec<Json>) =
        events.into_iter().partition(|event| event["event"] == "telemetry_report");
    assert!(!reports.is_empty());
    assert!(marks(&reports).iter().all(String::is_empty), "{reports:?}");
    assert!(marks(&ticks).iter().all(|marks| marks.contains("day")), "{ticks:?}");
}

/// Without an id there are no devices to choose among: each event stands for
/// itself, and takes its mark with it.
#[test]
fn a_rate_keeps_a_share_of_events_and_the_batch_says_which() {
    let accepted = |events: usize| {
        let answer =
            format!("{{\"accepted\":{events},\"duplicate\":0,\"rejected\":0,\"events\":[]}}");
        CannedAnswer::status(200).body(answer)
    };
    let server = CaptureServer::start();
    server.reply_next(accepted(1).header("headcount-send", "0.5"));
    let (catalog, home) = (scene::catalog(&text("headcount", &server)), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [0]);
    scene::ship(catalog, &home, scene::after(0));
    scene::ticks(catalog, &home, scene::after(DAY_S), 1..=200);
    // How many are sent is by chance, so this answer may not fit, which keeps
    // the batch.
    scene::ship(catalog, &home, scene::after(DAY_S));
    let sent = &server.requests()[1];
    assert_eq!(sent.header("headcount-batch"), Some("catalog=1; rate=0.5"));
    let lines = sent.text().lines().count();
    // Six standard deviations of 200 throws.
    assert!((58..=142).contains(&lines), "{lines} of 200");
    let status = scene::say(catalog, &home, scene::after(DAY_S), "status --json");
    assert_eq!(status["lost"]["not-asked"], 200 - lines);
}
