//! The public page: who may see it, and that none of its numbers stands for few
//! devices, whatever arrives and when.

use headcount_collector::{Access, offline};
use serde_json::{Value as Json, json};

use crate::asking::{TOOL, parse, run, send, serve};
use crate::client::get;
use crate::fixture::Fixture;

/// Two days of a week that is over for more than a week, on the fixture's day.
const MONDAY: &str = "2026-11-02";
const FRIDAY: &str = "2026-11-06";

const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

/// The catalog with a public page, and raw events that live long enough.
fn public(changes: &[(&str, &str)]) -> String {
    let mut text = TOOL.replace("raw = \"10d\"", "raw = \"90d\"");
    let all = [("title = \"Tool\"", "title = \"Tool\"\npublic = true")];
    for (from, to) in all.iter().chain(changes) {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

fn with(text: &str) -> Fixture {
    let mut fixture = Fixture::new();
    serve(&mut fixture, vec![parse(text)]);
    fixture
}

/// An event of each of these devices.
fn events(devices: std::ops::Range<u128>, on: &str, changes: &Json) -> Vec<Json> {
    let event = |device| {
        // Ids are of a device, a day and what it does.
        let hash = |hash: u64, byte: u8| hash.wrapping_mul(31).wrapping_add(u64::from(byte));
        let place = u128::from(changes.to_string().bytes().fold(0, hash));
        let mut line = run(device + (place << 32), &format!("d{device}"), on, "1.0.0");
        for (key, value) in changes.as_object().unwrap() {
            line[key] = value.clone();
            if value.is_null() {
                line.as_object_mut().unwrap().remove(key);
            }
        }
        line
    };
    devices.map(event).collect()
}

#[track_caller]
fn take(fixture: &Fixture, lines: &[Json]) {
    assert_eq!(send(fixture, lines).json()["accepted"], lines.len(), "{}", lines[0]);
}

/// The weeks, as everybody sees them.
#[track_caller]
fn weeks(fixture: &Fixture) -> Json {
    let answer = fixture.get("/public/tool.json");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["weeks"].clone()
}

/// The shown values of one table.
#[track_caller]
fn values(week: &Json, event: Option<&str>, by: Option<&str>) -> Vec<(String, u64)> {
    let tables = week["tables"].as_array().unwrap();
    let table =
        tables.iter().find(|table| table["event"] == json!(event) && table["by"] == json!(by));
    let values = table.map_or(&[][..], |table| table["values"].as_array().unwrap());
    let value = |value: &Json| {
        (value["value"].as_str().unwrap().to_owned(), value["events"].as_u64().unwrap())
    };
    values.iter().map(value).collect()
}

fn of(value: &str, events: u64) -> (String, u64) {
    (value.to_owned(), events)
}

#[test]
fn there_is_a_page_where_the_catalog_says_so_and_one_404_everywhere_else() {
    let fixture = with(&public(&[]));
    let page = fixture.get("/public/tool");
    assert_eq!(page.status, 200, "{page:?}");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for part in [
        "<h1>What Tool reports about its use</h1>",
        "id=\"how-to-turn-it-off\"",
        "<code>tool telemetry off</code>",
        "TOOL_TELEMETRY=0",
        "Which commands are run, with which agent, how long, and do they work?",
        "What is never collected",
        "telemetry.tool.example",
        "90 days at most",
        "Have it erased",
        "Nothing is published yet.",
    ] {
        assert!(page.body.contains(part), "no {part} in {}", page.body);
    }
    assert!(!page.body.contains("<script") && page.header("set-cookie").is_none(), "{page:?}");
    assert!(page.header("vary").is_none(), "{page:?}");
    let hidden = with(TOOL);
    let first = hidden.get("/public/tool");
    assert_eq!(first.status, 404);
    for path in [
        "/public/nobody",
        "/public/tool.json",
        "/public/tool.atom",
        "/public/tool.xml",
        "/public/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/public/%ff",
        "/public/..%2f..%2fsecret",
    ] {
        let answer = hidden.get(path);
        assert_eq!((answer.status, &answer.body), (404, &first.body), "{path}");
    }
    assert_eq!(fixture.get("/public/tool?days=%ff&x=%3Cb%3E").body, page.body);
}

#[test]
fn nobody_signs_in_for_it_and_caches_may_keep_it() {
    let mut fixture = with(&public(&[]));
    fixture.stop();
    let mut config = fixture.config();
    config.registry = headcount_collector::Registry::of(vec![parse(&public(&[]))]).unwrap();
    config.access = Access::Credentials;
    fixture.run(headcount_collector::Collector::start(config).unwrap());
    assert_eq!(fixture.get("/product/tool").status, 303, "others sign in");
    for path in ["/public/tool", "/public/tool.json", "/public/tool.atom"] {
        let answer = fixture.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"), "{path}");
        let tag = answer.header("etag").expect("a tag").to_owned();
        for tags in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = get(path).header("if-none-match", &tags).send(fixture.address());
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {tags}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
        }
        let other = get(path).header("if-none-match", "\"x\"").send(fixture.address());
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn numbers_are_of_twenty_devices_or_withheld() {
    let fixture = with(&public(&[]));
    take(&fixture, &events(0..60, MONDAY, &json!({"command": "build", "agent": "claude"})));
    take(&fixture, &events(10..45, FRIDAY, &json!({"command": "test", "agent": "copilot"})));
    // Three devices that do a lot, and say another version.
    for number in 0..9 {
        let took = json!({"command": "test", "version": "2.0.0", "took": number});
        take(&fixture, &events(0..3, FRIDAY, &took));
    }
    fixture.keep_house();
    let weeks = weeks(&fixture);
    assert_eq!(weeks.as_array().unwrap().len(), 1, "{weeks}");
    let week = &weeks[0];
    assert_eq!(
        (&week["week"], &week["devices"], &week["events"]),
        (&json!(MONDAY), &json!(60), &json!(120))
    );
    // 60 and 62: both are of many.
    let commands = values(week, Some("run"), Some("command"));
    assert_eq!(commands, [of("test", 60), of("build", 60)]);
    // Those that say no agent are three devices: they take the smallest along.
    assert_eq!(values(week, Some("run"), Some("agent")), [of("claude", 60)]);
    assert_eq!(values(week, Some("run"), Some("worked")), [], "all worked: that is a difference");
    assert_eq!(values(week, None, Some("version")), [], "2.0.0 is what is missing");
    assert_eq!(values(week, None, None), [of("run", 120)], "nobody opened it");
    let page = fixture.get("/public/tool").body;
    assert!(page.contains("<td class=\"number\">120</td>"), "{page}");
    assert!(!page.contains("2.0.0"), "{page}");
    // What is a share of what, and when.
    for part in [
        "<p class=\"quiet\">Of 120 events, 2 Nov to 8 Nov 2026.</p>",
        "Of 120 events named <code>run</code>, 2 Nov to 8 Nov 2026.",
        "<time datetime=\"2026-11-02\">2 Nov 2026</time>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
}

/// An event of few devices is in no total from which it could be subtracted.
#[test]
fn an_event_of_few_devices_is_in_no_number() {
    let opened = json!({"event": "opened", "command": null, "worked": null, "version": "1.1.0"});
    let fixture = with(&public(&[]));
    take(&fixture, &events(0..60, MONDAY, &json!({"command": "build"})));
    take(&fixture, &events(100..140, MONDAY, &json!({"command": "build", "version": "1.1.0"})));
    take(&fixture, &events(200..240, MONDAY, &json!({"command": "test", "version": "1.2.0"})));
    take(&fixture, &events(0..19, MONDAY, &opened));
    fixture.keep_house();
    let week = &weeks(&fixture)[0];
    assert_eq!((&week["devices"], &week["events"]), (&json!(140), &json!(140)));
    assert_eq!(values(week, None, None), [of("run", 140)]);
    // Without `opened`: 60, 40 and 40.
    assert_eq!(values(week, None, Some("version")), [of("1.0.0", 60), of("1.1.0", 40)]);
    let commands = values(week, Some("run"), Some("command"));
    assert_eq!(commands, [of("build", 100), of("test", 40)]);
    assert!(!fixture.get("/public/tool.json").body.contains("opened"));
}

#[test]
fn a_week_is_counted_once_whatever_arrives_later() {
    let fixture = with(&public(&[]));
    take(&fixture, &events(0..60, MONDAY, &json!({"command": "build"})));
    take(
        &fixture,
        &events(0..40, MONDAY, &json!({"event": "opened", "command": null, "worked": null})),
    );
    fixture.keep_house();
    let first = weeks(&fixture);
    assert_eq!(values(&first[0], None, None), [of("run", 60), of("opened", 40)]);
    // One more device on the next day, in the week that was published.
    take(&fixture, &events(60..61, FRIDAY, &json!({"command": "test"})));
    take(&fixture, &events(100..125, "2026-11-10", &json!({"command": "test"})));
    fixture.clock.advance(DAY);
    fixture.keep_house();
    assert_eq!(weeks(&fixture), first);
    // The next week, when it is over for a week.
    fixture.clock.advance(3 * DAY);
    fixture.keep_house();
    let later = weeks(&fixture);
    assert_eq!((later.as_array().unwrap().len(), &later[0]), (2, &first[0]));
    assert_eq!((&later[1]["devices"], &later[1]["events"]), (&json!(20), &json!(20)));
    let feed = fixture.get("/public/tool.atom");
    assert_eq!(feed.header("content-type"), Some("application/atom+xml; charset=utf-8"));
    for part in ["The week of 9 Nov 2026", "The week of 2 Nov 2026", "Version 3 of the catalog"] {
        assert!(feed.body.contains(part), "no {part} in {}", feed.body);
    }
    assert_eq!(feed.body.matches("<entry>").count(), 3);
}

#[test]
fn without_ids_and_marks_and_of_few_nothing_is_shown() {
    let none = [
        ("scheme = \"random\"\nrotate = \"never\"\nfile = \"device-id\"", "scheme = \"none\""),
        ("device = \"device\"\n", ""),
    ];
    let fixture = with(&public(&none));
    let without_device = |mut line: Json| {
        line.as_object_mut().unwrap().remove("device");
        line
    };
    let lines = events(0..200, MONDAY, &json!({"command": "build"}));
    take(&fixture, &lines.into_iter().map(without_device).collect::<Vec<_>>());
    fixture.keep_house();
    let unseen = json!([{"week": MONDAY, "devices": null, "events": null, "tables": []}]);
    assert_eq!(weeks(&fixture), unseen, "200 events may be of one device");
    assert!(fixture.get("/public/tool").body.contains("Too few devices"));

    let one = with(&public(&[]));
    take(&one, &events(0..1, MONDAY, &json!({"command": "build"})));
    one.keep_house();
    assert_eq!(weeks(&one), unseen);
    // Its raw events are gone: nobody knows of how many devices they were.
    let gone = with(&public(&[("raw = \"90d\"", "raw = \"18d\"")]));
    take(&gone, &events(0..60, MONDAY, &json!({"command": "build"})));
    gone.keep_house();
    assert_eq!(weeks(&gone), unseen);
}

#[test]
fn a_name_made_of_script_is_text() {
    let title = [("title = \"Tool\"", "title = \"<script>alert(1)</script>&\"")];
    let why = [("why = \"How often is it opened?\"", "why = \"</p><img src=x onerror=a>\"")];
    let fixture = with(&public(&[title, why].concat()));
    for path in ["/public/tool", "/public/tool.atom"] {
        let body = fixture.get(path).body;
        assert!(!body.contains("<script") && !body.contains("<img"), "{path}: {body}");
    }
    assert!(fixture.get("/public/tool").body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

/// What a folder says without a server is what everybody sees, byte for byte.
#[test]
fn a_folder_gives_the_numbers_of_the_page_and_no_others() {
    let mut fixture = Fixture::new();
    fixture.stop();
    fixture.home.write("catalogs/tool.toml", public(&[]));
    let own = public(&[("public = true", "public = false"), ("name = \"tool\"", "name = \"own\"")]);
    fixture.home.write("catalogs/own.toml", own);
    let mut config = fixture.config();
    let catalogs = fixture.home.path().join("catalogs");
    config.registry = headcount_collector::Registry::load(&catalogs).unwrap();
    fixture.run(headcount_collector::Collector::start(config).unwrap());
    let data = fixture.home.path().join("data");
    let numbers = |product: &str| offline::public_numbers(&data, product).unwrap();
    assert_eq!(numbers("tool"), Some(fixture.get("/public/tool.json").body));
    take(&fixture, &events(0..60, MONDAY, &json!({"command": "build"})));
    take(&fixture, &events(0..7, FRIDAY, &json!({"command": "test"})));
    fixture.keep_house();
    let shown = numbers("tool").unwrap();
    assert_eq!(shown, fixture.get("/public/tool.json").body);
    let json: Json = serde_json::from_str(&shown).unwrap();
    assert_eq!(json["weeks"][0]["events"], 60, "{shown}");
    // Seven devices are too few, and what is left of 67 would tell them.
    assert_eq!(values(&json["weeks"][0], Some("run"), Some("command")), [], "{shown}");
    for (product, path) in [("own", "/public/own.json"), ("nobody", "/public/nobody.json")] {
        assert_eq!((numbers(product), fixture.get(path).status), (None, 404));
    }
    assert_eq!(offline::public_products(&data).unwrap(), ["tool"]);
    std::fs::write(data.join("public.json"), "{}").unwrap();
    let told = offline::public_numbers(&data, "tool").unwrap_err().to_string();
    assert!(told.contains("restore it from a backup"), "{told}");
    let nowhere = fixture.home.path().join("nowhere");
    assert!(offline::public_products(&nowhere).is_err() && !nowhere.exists());
}
