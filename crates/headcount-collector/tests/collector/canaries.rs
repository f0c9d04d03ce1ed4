//! Canaries planted in every field that a client can send are in no file
//! afterwards: at every level of a body, in place of every value, in headers,
//! in the query, as a key.

use std::time::Duration;

use headcount_catalog::{Catalog, Day};
use headcount_collector::offline::{self, ExportRange, ExportTarget};
use headcount_store::{Cells, DayRows, HouseReport, StoredEvents};
use headcount_testkit::Canary;
use serde_json::{Value as Json, json};

use crate::client::{Answer, Request, post};
use crate::fixture::{Fixture, TODAY, catalogs, id, line};
use crate::store_choice::is_embedded;
use crate::stored::{EventFolder, assert_sealed, stored_bytes};
use crate::{clacky, datadog, otlp, posthog};

/// Names under which the official clients send personal data.
pub(crate) const NAMES: [&str; 28] = [
    "$ip",
    "$current_url",
    "$host",
    "$pathname",
    "$referrer",
    "$set",
    "$set_once",
    "$groups",
    "$session_id",
    "$device_id",
    "$user_id",
    "$python_version",
    "view",
    "usr",
    "session",
    "session_id",
    "tab",
    "error",
    "hostname",
    "host.name",
    "process.command_args",
    "service.instance.id",
    "user.id",
    "context",
    "options",
    "message_id",
    "",
    "canary",
];

/// A dialect of a product, with a body to plant canaries in.
struct Dialect {
    name: &'static str,
    path: &'static str,
    product: &'static str,
    /// A body with one event that is stored.
    body: Json,
    key: fn(Request) -> Request,
    /// Fields whose kind admits any short word, as their catalogs say.
    open: &'static [&'static str],
}

fn dialects() -> Vec<Dialect> {
    let parsed = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
    let otlp_body = otlp::body("atomic", &[line(1)]);
    let archon = &["/archon_git_commit"];
    let dialect = |name, path, product, body| Dialect {
        name,
        path,
        product,
        body,
        key: |request| request,
        open: &[],
    };
    let archons =
        |name, path, body| Dialect { open: archon, ..dialect(name, path, "archon", body) };
    vec![
        Dialect {
            key: |request| request.key("atomic"),
            ..dialect("native", "/api/v1/events", "atomic", parsed(&line(1)))
        },
        Dialect {
            key: |request| request.key("atomic"),
            ..dialect("http", "/api/v1/events", "atomic", json!({ "events": [parsed(&line(1))] }))
        },
        dialect("otlp", "/v1/logs", "atomic", serde_json::from_slice(&otlp_body).expect("JSON")),
        archons("batch", "/batch/", parsed(&posthog::batch(&[posthog::event(1)]))),
        archons("node", "/batch/", parsed(posthog::NODE)),
        archons("single", "/capture/", {
            let mut event = posthog::event(1);
            event["api_key"] = json!("archon");
            event
        }),
        Dialect {
            key: |request| request.key("archon"),
            ..archons("newer", "/i/v1/analytics/events", {
                json!({ "created_at": TODAY, "batch": [posthog::event(1)] })
            })
        },
        dialect("browser", "/api/v2/logs?ddsource=browser", "assembly", datadog::log(1)),
        Dialect {
            key: |request| request.header("DD-API-KEY", datadog::TOKEN),
            ..dialect("api", "/api/v2/logs", "assembly", json!([datadog::log(1)]))
        },
        dialect("startup", "/api/v1/telemetry/startup", "clacky", parsed(clacky::STARTUP)),
        Dialect {
            open: &["/model"],
            ..dialect("task", "/api/v1/telemetry/task", "clacky", parsed(clacky::TASK))
        },
    ]
}

/// The places of all values within a value that are `wanted`.
fn places(json: &Json, wanted: fn(&Json) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    let mut left = vec![(String::new(), json)];
    while let Some((place, json)) = left.pop() {
        if wanted(json) {
            all.push(place.clone());
        }
        match json {
            Json::Object(fields) => {
                left.extend(fields.iter().map(|(key, value)| (format!("{place}/{key}"), value)));
            }
            Json::Array(items) => {
                left.extend(
                    items.iter().enumerate().map(|(at, item)| (format!("{place}/{at}"), item)),
                );
            }
            _ => {}
        }
    }
    all
}

/// A canary in several forms: in a path and an address, in lists, in objects.
fn planted(canary: &Canary) -> Vec<Json> {
    let text = canary.text();
    vec![
        json!(format!("/home/{text}/{text} <{text}@{text}.example>")),
        json!([text, { text: text }]),
        json!({ text: text, "url": { "deep": [text] } }),
    ]
}

/// Sends a body, with canaries in the headers and the query, too: as a page of
/// another origin sends it, and without an origin if that needs a key.
fn send(fixture: &Fixture, dialect: &Dialect, body: &Json, canary: &Canary) -> Answer {
    let answer = send_with(fixture, dialect, body, canary, &["origin"]);
    match answer.status {
        403 => send_with(fixture, dialect, body, canary, &[]),
        _ => answer,
    }
}

fn send_with(
    fixture: &Fixture,
    dialect: &Dialect,
    body: &Json,
    canary: &Canary,
    more: &[&str],
) -> Answer {
    let text = canary.text();
    let mark = if dialect.path.contains('?') { '&' } else { '?' };
    let path = format!(
        "{}{mark}ip={text}&_={text}&dd-request-id={text}&{text}={text}&ddtags=host:{text}",
        dialect.path
    );
    let mut request = post(&path, body.to_string())
        .header("content-type", "application/json; charset=utf-8")
        .header("user-agent", text);
    for name in [
        "x-forwarded-for",
        "x-real-ip",
        "forwarded",
        "cookie",
        "referer",
        "from",
        "traceparent",
        "baggage",
        "headcount-batch",
        "posthog-sdk-info",
        "posthog-request-id",
        "dd-evp-origin",
        text,
    ]
    .iter()
    .chain(more)
    {
        request = request.header(name, text);
    }
    (dialect.key)(request).send(fixture.address())
}

/// Two days later, everything so far is sealed, and merged with what was.
fn seal(fixture: &Fixture) -> HouseReport {
    fixture.clock.advance(Duration::from_secs(2 * 86_400));
    fixture.keep_house()
}

/// Searches the data folder, while the collector runs and after it; whatever is
/// told of it; and its events, which are sealed first and then opened.
pub(crate) fn search(fixture: &mut Fixture, canaries: &[Canary]) -> Vec<String> {
    search_in(fixture, canaries, &catalogs())
}

/// The same, of a collector with these catalogs.
pub(crate) fn search_in(
    fixture: &mut Fixture,
    canaries: &[Canary],
    catalogs: &[Catalog],
) -> Vec<String> {
    let data = fixture.home.path().join("data");
    let find = || {
        let stored = stored_bytes(&data);
        let found = canaries.iter().flat_map(|canary| {
            let rows = canary.find_in(&stored).map(|sighting| format!("the store: {sighting}"));
            canary.find_in_tree(&data).into_iter().chain(rows)
        });
        found.collect::<Vec<_>>()
    };
    // On Windows a locked file cannot be read.
    let files = || if cfg!(unix) { find() } else { Vec::new() };
    let mut found = files();
    seal(fixture);
    found.extend(files());
    found.extend(told(fixture, canaries, catalogs));
    found.extend(opened(fixture, canaries, catalogs));
    fixture.stop();
    found.extend(find());
    found
}

/// Searches metrics, pages and answers.
fn told(fixture: &Fixture, canaries: &[Canary], catalogs: &[Catalog]) -> Vec<String> {
    let mut paths = vec!["/metrics".to_owned(), "/".to_owned(), "/healthz".to_owned()];
    for catalog in catalogs {
        let name = catalog.product.name;
        paths.push(format!("/product/{name}"));
        for question in ["events?by=version&", "versions?", "rejected?"] {
            paths.push(format!("/api/v1/ask/{question}product={name}"));
        }
    }
    let find = |path: &String| {
        let answer = fixture.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let found = canaries.iter().filter_map(|canary| canary.find_in(&answer.bytes));
        found.map(|sighting| format!("{path}: {sighting}")).collect::<Vec<_>>()
    };
    paths.iter().flat_map(find).collect()
}

/// Searches all events, decompressed: as they are exported, and as they are in
/// memory.
fn opened(fixture: &Fixture, canaries: &[Canary], catalogs: &[Catalog]) -> Vec<String> {
    let folder = EventFolder::of(fixture);
    let data = folder.path();
    let mut found = Vec::new();
    for catalog in catalogs {
        let product = catalog.product.name;
        let mut lines = Vec::new();
        // A product without events has no lines.
        let _ = offline::export(
            data,
            product,
            ExportRange::default(),
            ExportTarget::Lines(&mut lines),
            &mut |_| {},
        );
        let (from, to) = (Day::from_number(i32::MIN), Day::from_number(i32::MAX));
        let mut cells = Vec::new();
        let open = |rows: &DayRows| {
            for column in rows.columns() {
                // The texts of a column, whether a row has them or not.
                if let Cells::Text(texts, _) | Cells::TextLists(texts, ..) = column.cells() {
                    cells.extend(texts.iter().flat_map(|text| text.bytes().chain(*b"\n")));
                }
            }
        };
        let events = StoredEvents::open(data).expect("a store");
        events.each_rows(product, from, to, open).expect("events that can be read");
        let sighting = canaries.iter().flat_map(|canary| {
            [("exported", &lines), ("opened", &cells)]
                .map(|(how, bytes)| Some(format!("{product}, {how}: {}", canary.find_in(bytes)?)))
        });
        found.extend(sighting.flatten());
    }
    found
}

/// Sends each dialect's body with every field that no catalog knows. Returns
/// the canaries.
fn send_beside(fixture: &Fixture, round: u64) -> Vec<Canary> {
    let mut canaries = Vec::new();
    for dialect in dialects() {
        let before = fixture.counter(dialect.product, "stored", "");
        let canary = Canary::new(&format!("beside {}", dialect.name));
        let event = dialect.body.to_string().replace(&id(1).to_string(), &id(round).to_string());
        let mut body: Json = serde_json::from_str(&event).expect("JSON");
        let mut fields = 0;
        // Where an object's fields are the dialect's own to name, none of them
        // is replaced.
        for place in places(&dialect.body, Json::is_object) {
            let object = body.pointer_mut(&place).expect("an object").as_object_mut().unwrap();
            for name in NAMES.into_iter().chain([canary.text()]) {
                for (form, value) in planted(&canary).into_iter().enumerate() {
                    let name = if form == 0 { name.to_owned() } else { format!("{name}{form}") };
                    object.entry(name).or_insert(value);
                    fields += 1;
                }
            }
        }
        assert!(fields > 80, "{}", dialect.name);
        let answer = send(fixture, &dialect, &body, &canary);
        assert!(answer.status < 300, "{}: {answer:?}", dialect.name);
        // The first event of each product is new, and the others are duplicates
        // of it, except OpenClacky's, which are always new.
        let duplicates = fixture.counter(dialect.product, "duplicate", "");
        let after = fixture.counter(dialect.product, "stored", "") + duplicates;
        assert!(after > before, "{}: {answer:?}", dialect.name);
        canaries.push(canary);
    }
    canaries
}

#[test]
fn beside_everything_else() {
    let mut fixture = Fixture::new();
    send_beside(&fixture, 1);
    // The same again late: what is sealed then is merged with this.
    assert!(seal(&fixture).sealed > 4 || !is_embedded());
    let canaries = send_beside(&fixture, 2);
    assert!(seal(&fixture).merged > 4 || !is_embedded());
    assert_eq!(search(&mut fixture, &canaries), Vec::<String>::new());
    assert_eq!(*fixture.told.lock().unwrap(), Vec::<String>::new());
}

#[test]
fn in_place_of_everything_else() {
    let mut fixture = Fixture::new();
    let mut canaries = Vec::new();
    for dialect in dialects() {
        let canary = Canary::new(&format!("instead {}", dialect.name));
        let leaves = places(&dialect.body, |value| !value.is_object() && !value.is_array());
        for place in &leaves {
            let is_open = dialect.open.iter().any(|open| place.ends_with(open));
            // A device or a session may be any word: it is stored as a
            // pseudonym only.
            let word = (!is_open).then(|| json!(canary.text()));
            for value in planted(&canary).into_iter().chain(word) {
                let mut body = dialect.body.clone();
                *body.pointer_mut(place).expect("a leaf") = value;
                let answer = send(&fixture, &dialect, &body, &canary);
                assert!(answer.status < 500, "{} {place}: {answer:?}", dialect.name);
            }
        }
        canaries.push(canary);
    }
    assert_eq!(search(&mut fixture, &canaries), Vec::<String>::new());
    assert_eq!(*fixture.told.lock().unwrap(), Vec::<String>::new());
}

/// Checks the search itself: it finds a word that a catalog allows to be any
/// word, in events that are sealed and merged, too.
#[test]
fn what_is_allowed_is_found() {
    let mut fixture = Fixture::new();
    let control = Canary::new("control");
    let task = clacky::TASK.replace("some-model", control.text());
    let send = |task: &str| {
        let answer = post("/api/v1/telemetry/task", task).send(fixture.address());
        assert_eq!(answer.status, 200, "{answer:?}");
    };
    send(&task);
    send(&task);
    let found = || opened(&fixture, std::slice::from_ref(&control), &catalogs()).len();
    assert_eq!(found(), 2);
    assert_sealed(&seal(&fixture), 2, None);
    // A late one, in the dialect of another product.
    let late = json!({
        "api_key": "clacky", "event": "task", "uuid": id(3).to_string(), "distinct_id": "d1",
        "timestamp": format!("{TODAY}T10:00:00Z"),
        "properties": serde_json::from_str::<Json>(&task).expect("JSON"),
    });
    let answer = post("/capture/", late.to_string()).send(fixture.address());
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(fixture.counter("clacky", "stored", ""), 3, "{}", fixture.get("/metrics").body);
    assert_sealed(&seal(&fixture), 1, Some(3));
    assert_eq!(found(), 2);
    assert!(!search(&mut fixture, &[control]).is_empty());
}

#[test]
fn as_a_key_or_a_product() {
    let mut fixture = Fixture::new();
    let canary = Canary::new("key");
    let text = canary.text();
    for dialect in dialects() {
        for name in ["authorization", "dd-api-key"] {
            let value =
                if name == "authorization" { format!("Bearer {text}") } else { text.into() };
            let answer = post(dialect.path, dialect.body.to_string())
                .header("content-type", "application/json")
                .header(name, &value)
                .send(fixture.address());
            assert!(!answer.body.contains(text), "{answer:?}");
        }
    }
    let path = format!("/api/v2/logs?dd-api-key={text}");
    assert_eq!(post(&path, datadog::log(1).to_string()).send(fixture.address()).status, 401);
    let unknown =
        posthog::batch(&[posthog::event(1)]).replace("\"archon\"", &format!("\"{text}\""));
    assert_eq!(post("/batch/", unknown).send(fixture.address()).status, 401);
    assert_eq!(post(&format!("/{text}"), text).send(fixture.address()).status, 404);
    for flags in ["/flags/?v=2", "/decide/"] {
        let asked =
            json!({ "token": text, "distinct_id": text, "person_properties": { text: text } });
        assert_eq!(post(flags, asked.to_string()).send(fixture.address()).status, 200);
    }
    assert_eq!(search(&mut fixture, &[canary]), Vec::<String>::new());
    assert_eq!(*fixture.told.lock().unwrap(), Vec::<String>::new());
}
