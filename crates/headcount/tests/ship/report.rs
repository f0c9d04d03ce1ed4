//! `telemetry_report`: what became of the uploads, told once a day at most,
//! with other events or not at all, and only what was agreed to be told.

use std::fs;

use headcount::Catalog;
use headcount::ship::{FlushEnd, Started};
use headcount_queue::{Bounds, Queue};
use headcount_testkit::{CannedAnswer, CaptureServer, CapturedRequest, Home, ServerReply};
use serde_json::{Map, Value as Json, json};

use crate::scene;

const HOUR_S: i64 = 3_600;
pub(crate) const DAY_S: i64 = 86_400;
pub(crate) const NAME: &str = "telemetry_report";
const REPORT: &str = "\n[report]\nowner = \"tests\"\n";
pub(crate) const TALLY: &str = ".tick/telemetry-state/tally.json";

/// The product with the report turned on.
fn catalog(kind: &str, server: &CaptureServer) -> &'static Catalog {
    scene::catalog(&text(kind, server))
}

pub(crate) fn text(kind: &str, server: &CaptureServer) -> String {
    let url = format!("{}{}", server.url(), scene::path(kind));
    format!("{}{REPORT}", scene::text(&[scene::destination("one", kind, &url)]))
}

/// A server of a kind that takes everything, and the product that sends there.
pub(crate) fn taking() -> (CaptureServer, &'static Catalog, Home) {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("otlp"));
    let catalog = catalog("otlp", &server);
    (server, catalog, Home::new())
}

/// A command at so many seconds: one event, and a shipment.
pub(crate) fn command(catalog: &'static Catalog, home: &Home, at_s: i64) -> u64 {
    scene::ticks(catalog, home, scene::after(at_s), [at_s.abs()]);
    scene::ship(catalog, home, scene::after(at_s)).reports
}

/// Two commands a day apart, after which a report waits.
pub(crate) fn a_report_waits(catalog: &'static Catalog, home: &Home) -> String {
    command(catalog, home, 0);
    command(catalog, home, DAY_S);
    let tally: Json = serde_json::from_str(&home.read(TALLY)).unwrap();
    tally["telling"].as_str().expect("a line").to_owned()
}

/// The reports in these requests, each with its id and its numbers.
pub(crate) fn reports(requests: &[CapturedRequest]) -> Vec<(String, Map<String, Json>)> {
    let mut found = Vec::new();
    for request in requests {
        let text = request.text();
        match serde_json::from_str::<Json>(&text) {
            Ok(export) if export.get("resourceLogs").is_some() => {
                let logs = &export["resourceLogs"][0]["scopeLogs"][0]["logRecords"];
                let logs = logs.as_array().unwrap().iter();
                found.extend(logs.filter(|log| log["eventName"] == NAME).map(of_log));
            }
            _ => {
                let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
                found.extend(lines.filter(|line| line["event"] == NAME).map(|line| of_line(&line)));
            }
        }
    }
    found
}

fn is_number(key: &str) -> bool {
    key.starts_with("uploads_") || key.starts_with("lost_")
}

fn of_log(log: &Json) -> (String, Map<String, Json>) {
    let attributes = log["attributes"].as_array().unwrap();
    let (mut id, mut numbers) = (String::new(), Map::new());
    for attribute in attributes {
        let (key, value) = (attribute["key"].as_str().unwrap(), &attribute["value"]);
        if is_number(key) {
            let number: u64 = value["intValue"].as_str().unwrap().parse().unwrap();
            numbers.insert(key.to_owned(), json!(number));
        } else if let Some(text) = value["stringValue"].as_str().filter(|text| text.len() == 36) {
            id = text.to_owned();
        }
    }
    (id, numbers)
}

fn of_line(line: &Json) -> (String, Map<String, Json>) {
    let fields = line.as_object().unwrap();
    let numbers = fields.iter().filter(|(key, _)| is_number(key));
    let numbers = numbers.map(|(key, value)| (key.clone(), value.clone())).collect();
    (line["id"].as_str().unwrap().to_owned(), numbers)
}

fn told(requests: &[CapturedRequest]) -> Vec<Json> {
    reports(requests).into_iter().map(|(_, numbers)| Json::Object(numbers)).collect()
}

pub(crate) fn queue(catalog: &'static Catalog, home: &Home) -> Queue {
    Queue::new(&scene::paths(catalog, home).queue, Bounds::USUAL).unwrap()
}

/// So many taken, in a kind's words.
fn taken(kind: &str, events: u64) -> CannedAnswer {
    match kind {
        "headcount" => CannedAnswer::status(200).body(format!(
            "{{\"accepted\":{events},\"duplicate\":0,\"rejected\":0,\"events\":[]}}"
        )),
        _ => scene::yes(kind),
    }
}

/// A failure, a batch that is refused for good, and three events that never
/// reached the queue: every number in the report is known.
fn exact(kind: &str) {
    let server = CaptureServer::start();
    let (catalog, home) = (catalog(kind, &server), Home::new());
    server.reply_next(CannedAnswer::status(503));
    command(catalog, &home, 0);
    // What was kept goes first, and apart from what is new.
    server.reply_next(CannedAnswer::status(400));
    server.reply_next(taken(kind, 1));
    command(catalog, &home, HOUR_S);
    home.write(".tick/telemetry-state/unrecorded", "fbf");
    for at_s in [2 * HOUR_S, DAY_S - 1, DAY_S] {
        server.reply_next(taken(kind, 1));
        assert_eq!(command(catalog, &home, at_s), 0);
    }
    assert_eq!(server.requests().len(), 6);
    assert_eq!(told(&server.requests()), Vec::<Json>::new(), "a day is over just now");

    server.reply_next(taken(kind, 2));
    scene::ticks(catalog, &home, scene::after(DAY_S + 9), [9]);
    let shown = scene::say(catalog, &home, scene::after(DAY_S + 9), "inspect --json");
    assert_eq!(scene::ship(catalog, &home, scene::after(DAY_S + 9)).reports, 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 7);
    assert_eq!(shown[0]["body"].as_str(), Some(requests[6].text().as_str()), "the literal request");
    assert_eq!(scene::numbers(&requests[6]), [9], "it goes with what else goes");
    let wanted = json!({
        "uploads_tried": 6, "uploads_failed": 2,
        "lost_full": 2, "lost_busy": 1, "lost_rejected": 1,
    });
    assert_eq!(told(&requests), [wanted]);

    // Its own upload is in the next one, and nothing else twice.
    for (at_s, events) in [(2 * DAY_S + 9, 1), (2 * DAY_S + 10, 2)] {
        server.reply_next(taken(kind, events));
        command(catalog, &home, at_s);
    }
    let second = json!({"uploads_tried": 2, "uploads_failed": 0});
    assert_eq!(told(&server.requests())[1..], [second]);
}

#[test]
fn known_failures_and_losses_are_told_exactly_over_otlp() {
    exact("otlp");
}

#[test]
fn known_failures_and_losses_are_told_exactly_over_headcount() {
    exact("headcount");
}

/// Whatever is told, is told once, and all of it.
#[test]
fn a_command_an_hour_tells_once_a_day_and_every_upload_once() {
    let (server, catalog, home) = taking();
    let mut uploads_when_told = 0;
    for hour in 0..240 {
        if command(catalog, &home, hour * HOUR_S) == 1 {
            // Made at the end of the shipment before this one.
            uploads_when_told = server.requests().len() as u64 - 1;
        }
    }
    let told = told(&server.requests());
    // A day, and an hour until the next command takes it along: nine in ten
    // days.
    assert_eq!(told.len(), 9);
    let sum: u64 = told.iter().map(|told| told["uploads_tried"].as_u64().unwrap()).sum();
    assert_eq!(sum, uploads_when_told);
    // Each went with a command of its own, and so none by itself.
    assert_eq!(server.requests().len(), 240);
}

#[test]
fn it_starts_no_shipper_and_goes_with_others_or_not_at_all() {
    let (server, catalog, home) = taking();
    let line = a_report_waits(catalog, &home);
    for day in 2..5 {
        let now = scene::after(day * DAY_S);
        let started = scene::open(catalog, &home, now).start_shipper().unwrap();
        assert_eq!(started, Started::NothingDue);
        let flushed = scene::ship(catalog, &home, now);
        assert_eq!((flushed.ended, flushed.reports), (FlushEnd::Done, 0));
    }
    assert_eq!(server.requests().len(), 2);
    // A person sees it all the while.
    let now = scene::after(5 * DAY_S);
    assert_eq!(scene::said(catalog, &home, now, "dump"), format!("{line}\n"));
    let status = scene::said(catalog, &home, now, "status");
    assert!(status.contains("With the next events goes a report on the uploads"), "{status}");
    assert_eq!(scene::say(catalog, &home, now, "status --json")["reportWaits"], true);

    assert_eq!(command(catalog, &home, 5 * DAY_S), 1);
    assert_eq!(reports(&server.requests()).len(), 1);
    assert_eq!(scene::said(catalog, &home, now, "dump"), "");
}

/// What another version alone can send is no company.
#[test]
fn it_does_not_go_with_what_stays() {
    let (server, catalog, home) = taking();
    let line = a_report_waits(catalog, &home);
    let unknown = line.replace(NAME, "event_of_tomorrow");
    queue(catalog, &home).append(&unknown).unwrap();
    assert_eq!(scene::ship(catalog, &home, scene::after(DAY_S + 1)).reports, 0);
    assert_eq!(server.requests().len(), 2);
}

/// Nor with what nobody can be asked to take.
#[test]
fn it_waits_while_its_destination_backs_off() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("otlp"));
    let (catalog, home) = (catalog("otlp", &server), Home::new());
    a_report_waits(catalog, &home);
    server.reply_next(CannedAnswer::status(503).header("retry-after", "7200"));
    assert_eq!(command(catalog, &home, DAY_S + 1), 1, "with the first try");
    for hour in 1..3 {
        assert_eq!(command(catalog, &home, DAY_S + hour * HOUR_S - 1), 0);
    }
    assert_eq!(command(catalog, &home, 2 * DAY_S), 0);
    let ids: Vec<String> = reports(&server.requests()).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 2, "the batch is sent again as it was");
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn a_count_above_its_cap_is_told_as_the_cap() {
    let (server, catalog, home) = taking();
    command(catalog, &home, 0);
    let mut tally: Json = serde_json::from_str(&home.read(TALLY)).unwrap();
    tally["tried"] = json!(u64::MAX);
    tally["lost"]["over-age"] = json!(1_000_001);
    home.write(TALLY, tally.to_string());
    command(catalog, &home, DAY_S);
    command(catalog, &home, DAY_S + 1);
    let wanted =
        json!({"uploads_tried": 1_000_000, "uploads_failed": 0, "lost_over_age": 1_000_000});
    assert_eq!(told(&server.requests()), [wanted]);
}

/// What a person sees is not reset by what is told.
#[test]
fn status_tells_everything_since_it_began() {
    let (server, catalog, home) = taking();
    server.reply_next(ServerReply::Lost);
    command(catalog, &home, 0);
    home.write(".tick/telemetry-state/unrecorded", "w");
    for at_s in [HOUR_S, DAY_S, DAY_S + 1, DAY_S + 2] {
        command(catalog, &home, at_s);
    }
    assert_eq!(reports(&server.requests()).len(), 1);
    let now = scene::after(DAY_S + 3);
    let status = scene::say(catalog, &home, now, "status --json");
    assert_eq!(status["requests"], json!({"tried": server.requests().len(), "failed": 1}));
    assert_eq!(status["lost"], json!({"not-written": 1}));
    assert_eq!(status["countedSince"], "2026-11-20");
    let said = scene::said(catalog, &home, now, "status");
    assert!(said.contains("Events lost since 2026-11-20, by reason: not-written 1\n"), "{said}");
}

/// Neither a report that waits nor what it would be made of outlives a no.
#[test]
fn off_and_clear_take_it_away() {
    for words in ["off", "clear", "local"] {
        let (server, catalog, home) = taking();
        a_report_waits(catalog, &home);
        let now = scene::after(DAY_S + 1);
        scene::said(catalog, &home, now, words);
        assert!(!home.path().join(TALLY).exists(), "{words}");
        scene::said(catalog, &home, now, "on");
        for day in 1..3 {
            command(catalog, &home, day * DAY_S + 2);
        }
        assert_eq!(told(&server.requests()), Vec::<Json>::new(), "{words}");
        command(catalog, &home, 2 * DAY_S + 3);
        let wanted = json!({"uploads_tried": 2, "uploads_failed": 0});
        assert_eq!(told(&server.requests()), [wanted], "only what came after: {words}");
    }
}

#[test]
fn what_is_local_makes_none_and_ships_none() {
    let (server, catalog, home) = taking();
    scene::said(catalog, &home, scene::after(0), "local");
    for day in 0..4 {
        command(catalog, &home, day * DAY_S);
    }
    // Said between the start of a shipper and its first look.
    let opened = scene::open(catalog, &home, scene::after(4 * DAY_S));
    scene::said(catalog, &home, scene::after(4 * DAY_S), "on");
    let flushed = opened.flush(&headcount::ship::Ureq::new());
    assert_eq!(flushed.ended, FlushEnd::NotPermitted);
    assert_eq!(server.requests().len(), 0);
    assert!(!home.path().join(TALLY).exists());
}

/// A release that turns it on widens; what was counted before anybody agreed is
/// not told afterwards.
#[test]
fn it_is_withheld_until_it_is_agreed_to() {
    let server = CaptureServer::start();
    server.reply_otherwise(scene::yes("otlp"));
    let with = text("otlp", &server);
    let before = scene::catalog(&with.replace(REPORT, ""));
    let upgraded = scene::catalog(&with.replace("catalog = 1", "catalog = 2"));
    let home = Home::new();
    for day in 0..3 {
        command(before, &home, day * DAY_S);
    }
    for day in 3..6 {
        assert_eq!(command(upgraded, &home, day * DAY_S), 0);
    }
    assert!(!home.read(TALLY).contains("telling"));
    let now = scene::after(5 * DAY_S);
    let withheld = scene::say(upgraded, &home, now, "status --json")["withheld"].clone();
    assert_eq!(withheld, json!([format!("the event `{NAME}` is new")]));

    scene::said(upgraded, &home, now, "on");
    for at_s in [6 * DAY_S, 7 * DAY_S, 7 * DAY_S + 1] {
        command(upgraded, &home, at_s);
    }
    assert_eq!(told(&server.requests()), [json!({"uploads_tried": 2, "uploads_failed": 0})]);

    // Back to the release before: what waits is not sent, nor told of later.
    command(upgraded, &home, 9 * DAY_S);
    assert!(home.read(TALLY).contains("telling"));
    command(before, &home, 10 * DAY_S);
    assert!(!home.read(TALLY).contains("telling"));
    assert_eq!(reports(&server.requests()).len(), 1);
}

/// A report whose month is over goes with what is recorded next, unless it has
/// waited too long: then nothing of it is counted, sent or lost.
#[test]
fn a_report_of_another_month_goes_unless_it_is_too_old() {
    for (days, sent) in [(20, 1), (31, 1), (32, 0), (90, 0)] {
        let server = CaptureServer::start();
        server.reply_otherwise(scene::yes("otlp"));
        let random = "scheme = \"random\"\n";
        let text = text("otlp", &server);
        let text = text.replace(random, &format!("{random}rotate = \"monthly\"\n"));
        let (catalog, home) = (scene::catalog(&text), Home::new());
        assert_eq!(catalog.retention.on_machine.0, 30);
        a_report_waits(catalog, &home);
        assert_eq!(command(catalog, &home, days * DAY_S), sent, "after {days} days");
        assert_eq!(reports(&server.requests()).len() as u64, sent, "after {days} days");
        let tally: Json = serde_json::from_str(&home.read(TALLY)).unwrap();
        assert_eq!(tally["lost"], json!({}), "after {days} days");
    }
}

/// Whatever stands in the tally costs a report at most.
#[test]
fn a_tally_of_nonsense_is_got_over() {
    let (server, catalog, home) = taking();
    let line = a_report_waits(catalog, &home);
    let spread = line.replacen(',', ",\n", 1);
    let other = line.replace(NAME, "event_of_tomorrow");
    let lines = ["", "nonsense", &line.replace("2026", "1999"), &line[1..], &spread, &other];
    let mut at_s = DAY_S;
    for (place, telling) in lines.into_iter().enumerate() {
        let far = [i64::MIN, i64::MAX][place % 2];
        let tally = json!({
            "format": 1, "since": far, "tried": u64::MAX, "failed": -1, "lost": [],
            "told": {"at": far, "tried": u64::MAX}, "telling": telling,
        });
        home.write(TALLY, tally.to_string());
        scene::said(catalog, &home, scene::after(at_s), "status");
        scene::said(catalog, &home, scene::after(at_s), "inspect");
        assert_eq!(command(catalog, &home, at_s + 1), 0, "{telling}");
        assert!(!home.read(TALLY).contains("telling"), "{telling}");
        at_s += 9;
    }
    assert_eq!(reports(&server.requests()).len(), 0);
    assert_eq!(server.requests().len(), 2 + 6, "and nothing else suffers");
}

/// A tally that cannot be written keeps nothing from being sent.
#[test]
fn without_a_tally_everything_else_goes() {
    let (server, catalog, home) = taking();
    a_report_waits(catalog, &home);
    let path = home.path().join(TALLY);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    for number in 0..3 {
        assert_eq!(command(catalog, &home, 2 * DAY_S + number), 0);
    }
    assert_eq!((server.requests().len(), reports(&server.requests()).len()), (5, 0));
}

/// A server that chooses how many events it rejects must not read that number
/// again under the next id.
#[test]
fn what_was_counted_under_another_id_is_not_told() {
    for (rotate, told) in [("never", 1), ("monthly", 0)] {
        let server = CaptureServer::start();
        let rejected = "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\"}}";
        server.reply_next(CannedAnswer::status(200).body(rejected));
        server.reply_otherwise(scene::yes("otlp"));
        let random = "scheme = \"random\"\n";
        let text = text("otlp", &server);
        let text = text.replace(random, &format!("{random}rotate = \"{rotate}\"\n"));
        let (catalog, home) = (scene::catalog(&text), Home::new());
        // The last day of November, and the first of December.
        command(catalog, &home, 10 * DAY_S);
        command(catalog, &home, 11 * DAY_S);
        let tally: Json = serde_json::from_str(&home.read(TALLY)).unwrap();
        assert_eq!(tally["lost"]["rejected"], 1, "a person still sees it: {tally}");
        let line = tally["telling"].as_str().expect("a report");
        let line: Json = serde_json::from_str(line).unwrap();
        assert_eq!(line["lost_rejected"].as_u64().unwrap_or(0), told, "{rotate}: {line}");
    }
}
