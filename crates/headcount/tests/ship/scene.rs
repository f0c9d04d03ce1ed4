//! What the tests stand on: a product that counts ticks, a person who has not
//! said no, a clock that the test moves, and destinations on this machine.

use std::collections::HashMap;

use headcount::catalog::{Event, Raw, Value, parse};
use headcount::person::{self, Audience, Terminal};
use headcount::ship::{Flushed, Ureq};
use headcount::{Catalog, Host, Paths, Session, Surroundings, Time};
use headcount_testkit::{CannedAnswer, CapturedRequest, CatalogHead, Home};
use serde_json::Value as Json;

/// Midnight of a day.
pub(crate) const DAY: &str = "2026-11-20T00:00:00Z";

/// The product, but for its destinations.
const HEAD: CatalogHead = CatalogHead {
    name: "tick",
    default: "on",
    settings: ("settings.json", "telemetry"),
    queue: "events.jsonl",
};

const REST: &str = r#"
[identity]
scheme = "random"
file = "device"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
device = "device"
version = "version"
"*" = "properties"

[shipping]
mode = "detached"
command = ["--exact", "roles::play", "--nocapture"]
marker = "TICK_TELEMETRY_FLUSH"

[retention]
on-machine = "30d"
raw = "90d"

[event.tick]
why = "Does every one of them arrive, once?"
owner = "tests"

[event.tick.properties]
number = { count = 1_000_000_000 }
"#;

/// A `[[destination]]` of a kind at an address.
pub(crate) fn destination(name: &str, kind: &str, endpoint: &str) -> String {
    let key = if kind == "posthog" { "key = \"phc_test\"\n" } else { "" };
    format!(
        "\n[[destination]]\nname = \"{name}\"\nkind = \"{kind}\"\nendpoint = \"{endpoint}\"\n{key}"
    )
}

/// The product's catalog, as text, with these destinations.
pub(crate) fn text(destinations: &[String]) -> String {
    format!("{}{}", HEAD.with(REST), destinations.concat())
}

/// A catalog that lives as long as a compiled one.
pub(crate) fn catalog(text: &str) -> &'static Catalog {
    let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
    Box::leak(Box::new(catalog))
}

/// The catalog with one destination.
pub(crate) fn one(kind: &str, url: &str) -> &'static Catalog {
    catalog(&text(&[destination("one", kind, &format!("{url}{}", path(kind)))]))
}

/// Where a kind's receivers listen.
pub(crate) fn path(kind: &str) -> &'static str {
    match kind {
        "otlp" => "/v1/logs",
        "posthog" => "/batch/",
        "headcount" => "/api/v1/events",
        _ => "/events",
    }
}

/// The answer with which a kind says yes to everything.
pub(crate) fn yes(kind: &str) -> CannedAnswer {
    let json = CannedAnswer::status(200).header("content-type", "application/json");
    match kind {
        "posthog" => json.body("{\"status\":1}"),
        _ => json.body("{}"),
    }
}

pub(crate) fn time(text: &str) -> Time {
    Time::parse(text).expect("a time")
}

/// So many seconds after the beginning of the day.
pub(crate) fn after(seconds: i64) -> Time {
    Time::from_seconds(time(DAY).seconds() + seconds)
}

/// An earlier run, which told the person.
pub(crate) fn tell(catalog: &'static Catalog, home: &Home) {
    let surroundings = surroundings(home, time(DAY));
    let session = headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings).open();
    let notice = person::notice(&session, Terminal::Absent, Audience::ForPeople);
    let _ = notice.and_then(person::Notice::into_text);
}

/// A run of the host at a time, after one that told the person.
pub(crate) fn open(catalog: &'static Catalog, home: &Home, now: Time) -> Session {
    tell(catalog, home);
    headcount::Telemetry::new(catalog, Host::new("1.2.3"), surroundings(home, now)).open()
}

pub(crate) fn surroundings(home: &Home, now: Time) -> Surroundings {
    Surroundings::given(home.path(), HashMap::new(), now)
}

pub(crate) fn paths(catalog: &'static Catalog, home: &Home) -> Paths {
    Paths::of(catalog, &surroundings(home, time(DAY))).expect("a home")
}

/// Ships once, over the real transport.
pub(crate) fn ship(catalog: &'static Catalog, home: &Home, now: Time) -> Flushed {
    open(catalog, home, now).flush(&Ureq::new())
}

/// Records ticks of these numbers at a time.
pub(crate) fn ticks(
    catalog: &'static Catalog,
    home: &Home,
    now: Time,
    numbers: impl IntoIterator<Item = i64>,
) {
    let session = open(catalog, home, now);
    for number in numbers {
        session.try_record(&Tick::new(catalog, number)).unwrap();
    }
}

/// The event.
pub(crate) struct Tick {
    event: &'static Event,
    number: Value,
}

impl Tick {
    pub(crate) fn new(catalog: &'static Catalog, number: i64) -> Self {
        let event = catalog.event("tick").expect("the event");
        let number = event.properties[0].kind.admit(&Raw::Integer(number)).expect("a count");
        Self { event, number }
    }
}

impl headcount::TypedEvent for Tick {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        vec![Some(self.number.clone())]
    }
}

/// The numbers in a request, whatever its dialect, in their order.
pub(crate) fn numbers(request: &CapturedRequest) -> Vec<i64> {
    let text = request.text();
    let documents: Vec<Json> = match serde_json::from_str(&text) {
        Ok(json) => vec![json],
        // A line each.
        Err(_) => text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(),
    };
    let mut found = Vec::new();
    documents.iter().for_each(|json| collect(json, &mut found));
    found
}

fn collect(json: &Json, found: &mut Vec<i64>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Object(fields) => {
            if fields.get("key").and_then(Json::as_str) == Some("number") {
                let value = &fields["value"]["intValue"];
                let text = value.as_str().and_then(|text| text.parse().ok());
                found.extend(value.as_i64().or(text));
            }
            found.extend(fields.get("number").and_then(Json::as_i64));
            fields.values().for_each(|value| collect(value, found));
        }
        _ => {}
    }
}

/// Runs `telemetry WORDS` at a time.
pub(crate) fn said(catalog: &'static Catalog, home: &Home, now: Time, words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let reply = headcount::person::run(&open(catalog, home, now), &words);
    let is_empty = words[0] == "dump" && reply.out.is_empty();
    let said = if is_empty { "There are no records on this machine.\n" } else { "" };
    assert_eq!((reply.code, reply.err.as_str()), (0, said), "{words:?}");
    reply.out
}

/// The same for a program.
pub(crate) fn say(catalog: &'static Catalog, home: &Home, now: Time, words: &str) -> Json {
    serde_json::from_str(&said(catalog, home, now, words)).expect("one line of JSON")
}
