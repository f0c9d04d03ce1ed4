//! Devices that are counted without an id: their marks arrive in every dialect,
//! and nothing else that is sent tells one machine from another.

use std::collections::{BTreeSet, HashMap};

use headcount::catalog::{EventId, Period, parse};
use headcount::person::{Audience, Notice, Terminal, notice};
use headcount::ship::Request;
use headcount::{Catalog, Host, Machine, Session, Surroundings, Time};
use headcount_testkit::Home;
use headcount_wire::read;

use super::receiver::Receiver;
use super::scene::record_all;

/// A product with an event of each kind of value that is fixed, so that two
/// machines say the same.
const TEXT: &str = r#"
grammar = 1
catalog = 1

[product]
name = "tool"
prefix = "TOOL"
title = "Tool"

[consent]
default = "on"
order = ["environment", "do-not-track", "flag", "settings"]

[files]
folder = { linux = "~/.tool", macos = "~/.tool", windows = "~/.tool" }
settings = { file = "settings.json", enabled = "telemetry" }
queue = "events.jsonl"

[identity]
scheme = "none"
count = ["day", "week", "month"]

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
version = "version"
os = { is = "platform", words = "node" }
MARKS

[[destination]]
DESTINATION

[event.startup]
why = "How often is it started?"
owner = "tests"
PATH

[event.task]
why = "Do tasks work?"
owner = "tests"
PATH

[event.task.properties]
worked = "flag"
took = { duration = "ms" }
"#;

/// A destination of each dialect and encoding, and where it is.
const DESTINATIONS: [(&str, &str); 8] = [
    ("kind = \"headcount\"\nendpoint = \"https://a.example\"", "/api/v1/events"),
    ("kind = \"otlp\"\nendpoint = \"https://a.example\"", "/v1/logs"),
    ("kind = \"otlp\"\nendpoint = \"https://a.example\"\nencoding = \"protobuf\"", "/v1/logs"),
    ("kind = \"posthog\"\nendpoint = \"https://a.example\"\nkey = \"phc_test\"", "/batch/"),
    ("kind = \"datadog\"\nendpoint = \"https://a.example\"\nkey = \"pubtest\"", "/api/v2/logs"),
    (
        "kind = \"datadog\"\nendpoint = \"https://a.example\"\nkey = \"pubtest\"\nencoding = \"json\"",
        "/api/v2/logs",
    ),
    ("kind = \"http\"\nendpoint = \"https://a.example/plain\"", "/plain"),
    ("kind = \"clacky\"\nendpoint = \"https://a.example\"", "/telemetry"),
];

/// The envelope's own names for the marks: none, other ones, and `null` where
/// there are none.
const MARKS: [&str; 3] = [
    "",
    "born = \"age\"\nmarks = \"first\"",
    "\"seen.age\" = { is = \"age\", optional = \"null\" }\n\"seen.first\" = { is = \"first\", optional = \"null\" }",
];

fn catalog(destination: &str, marks: &str) -> &'static Catalog {
    let text = TEXT.replace("DESTINATION", destination).replace("MARKS", marks);
    // OpenClacky's paths are those of its events.
    let text = if destination.contains("clacky") {
        let (before, rest) = text.split_once("PATH").unwrap();
        let rest = rest.replacen("PATH", "path = \"/telemetry/task\"", 1);
        format!("{before}path = \"/telemetry/startup\"{rest}")
    } else {
        text.replace("PATH\n", "")
    };
    let catalog = parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    Box::leak(Box::new(catalog))
}

/// A machine of this name, at a time.
fn open(catalog: &'static Catalog, home: &Home, name: &str, now: &str) -> Session {
    let mut variables: HashMap<String, String> = HashMap::new();
    variables.insert("TOOL_TELEMETRY_ENDPOINT".to_owned(), "http://127.0.0.1:9".to_owned());
    for variable in ["USER", "LOGNAME", "USERNAME", "HOSTNAME", "COMPUTERNAME", "LANG"] {
        variables.insert(variable.to_owned(), name.to_owned());
    }
    let now = Time::parse(now).expect("a time");
    let mut surroundings = Surroundings::given(home.path(), variables, now);
    surroundings.machine = Machine::Given { host: name.to_owned(), user: name.to_owned() };
    let open =
        || headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings.clone()).open();
    // An earlier run told the person.
    let _ = notice(&open(), Terminal::Absent, Audience::ForPeople).and_then(Notice::into_text);
    open()
}

/// The days on which both machines are used: their first one, the next one, and
/// one of the next week and month.
const DAYS: [&str; 3] = ["2026-11-28", "2026-11-29", "2026-12-02"];

/// What a machine sends on these days, and the lines as they arrived.
fn sent(catalog: &'static Catalog, name: &str) -> (Vec<Request>, Vec<String>) {
    let home = Home::new();
    let receiver = Receiver::new(catalog, Vec::new());
    for day in DAYS {
        let session = open(catalog, &home, name, &format!("{day}T12:00:00Z"));
        record_all(&session, catalog, 2);
        session.flush(&receiver);
    }
    (receiver.requests(), receiver.arrived("/"))
}

#[test]
fn marks_arrive_in_every_dialect_under_every_name() {
    for (destination, path) in DESTINATIONS {
        for marks in MARKS {
            let catalog = catalog(destination, marks);
            let (_, lines) = sent(catalog, "one");
            let marks: Vec<(Vec<Period>, &str)> = lines
                .iter()
                .map(|line| {
                    let record = read(catalog, line).unwrap();
                    assert_eq!(record.dropped, [], "{line}");
                    let periods = record.marks(catalog).collect();
                    (periods, record.age(catalog).map_or("", |age| age.name()))
                })
                .collect();
            let none = || (Vec::new(), "");
            let mut expected = Vec::new();
            for first in [
                (vec![Period::Day, Period::Week, Period::Month], "0"),
                (vec![Period::Day], "0"),
                (vec![Period::Day, Period::Week, Period::Month], "1"),
            ] {
                expected.extend([first, none(), none(), none()]);
            }
            assert_eq!(marks, expected, "{destination} at {path}");
            for line in &lines {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let first = catalog.envelope.iter().find(|entry| entry.key == "seen.first");
                if first.is_some() && line["seen"]["age"].is_null() {
                    assert!(line["seen"]["first"].is_null(), "{line}");
                }
            }
        }
    }
}

/// The ids of the events in a body, and the same body without them.
fn without_ids(body: &[u8]) -> (Vec<String>, Vec<u8>) {
    let (mut ids, mut left, mut at) = (Vec::new(), Vec::new(), 0);
    while at < body.len() {
        let text = body.get(at..at + 36).and_then(|bytes| std::str::from_utf8(bytes).ok());
        match text.filter(|text| EventId::parse(text).is_some()) {
            Some(id) => {
                ids.push(id.to_owned());
                at += 36;
            }
            None => {
                left.push(body[at]);
                at += 1;
            }
        }
    }
    (ids, left)
}

/// The address without Datadog's id of the request, which is a hash of the body
/// and so of the events' ids.
fn without_hash(url: &str) -> &str {
    url.split_once("&dd-request-id=").map_or(url, |(before, _)| before)
}

/// Everything that two machines with the same events send is the same but for
/// the ids of events, and no id has anything of another in it.
#[test]
fn nothing_else_tells_two_machines_apart() {
    for (destination, _) in DESTINATIONS {
        for marks in MARKS {
            let catalog = catalog(destination, marks);
            let ((one, _), (other, _)) = (sent(catalog, "one"), sent(catalog, "other"));
            assert_eq!(one.len(), other.len());
            let mut secrets = BTreeSet::new();
            for (one, other) in one.iter().zip(&other) {
                let (url, other_url) = (without_hash(&one.url), without_hash(&other.url));
                assert_eq!((one.method, url), (other.method, other_url), "{destination}");
                assert_eq!(one.headers, other.headers, "{destination}");
                let (ids, body) = without_ids(&one.body);
                let (other_ids, other_body) = without_ids(&other.body);
                let shown = String::from_utf8_lossy;
                assert_eq!(shown(&body), shown(&other_body), "{destination}");
                assert_eq!(ids.len(), other_ids.len(), "{destination}");
                // An id may be there twice, as PostHog's `distinct_id` is.
                let fresh: BTreeSet<&String> = ids.iter().chain(&other_ids).collect();
                for id in fresh {
                    // Behind the time, which is that of the day.
                    let secret = id[14..].to_owned();
                    assert!(secrets.insert(secret), "{destination}: {id}");
                }
            }
        }
    }
}

/// What stands in PostHog's required `distinct_id` is the event's own id.
#[test]
fn posthogs_distinct_id_is_no_machines() {
    let catalog = catalog(DESTINATIONS[3].0, "");
    let (requests, _) = sent(catalog, "one");
    let mut seen = BTreeSet::new();
    for request in requests {
        let body: serde_json::Value = serde_json::from_str(request.text().unwrap()).unwrap();
        for event in body["batch"].as_array().unwrap() {
            assert_eq!(event["distinct_id"], event["uuid"]);
            assert!(seen.insert(event["uuid"].as_str().unwrap().to_owned()));
            assert_eq!(event["properties"]["$process_person_profile"], false);
        }
    }
    assert_eq!(seen.len(), 12);
}
