//! How long events are kept, and how a person's are erased: over HTTP, in the
//! export, and in the bytes of the files.

use std::time::Duration;

use headcount_catalog::{Day, EventId};
use headcount_collector::offline::{self, Person, doctor};
use headcount_collector::{Collector, Registry};
use headcount_wire::native::DeviceSecret;
use serde_json::{Value as Json, json};

use crate::asking::{TOOL, run, send};
use crate::client::post;
use crate::fixture::{Fixture, TODAY, catalog_text};
use crate::store_choice::only_embedded;
use crate::stored::{EventFolder, assert_sealed, stored_bytes};

const YESTERDAY: &str = "2026-11-19";
const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A collector on a folder of these catalogs.
fn serve(fixture: &mut Fixture, catalogs: &[&str]) {
    fixture.stop();
    for (number, text) in catalogs.iter().enumerate() {
        fixture.home.write(&format!("catalogs/{number}.toml"), text);
    }
    let mut config = fixture.config();
    config.registry = Registry::load(&fixture.home.path().join("catalogs")).expect("catalogs");
    fixture.run(Collector::start(config).expect("a collector that starts"));
}

fn days_pass(fixture: &Fixture, days: u64) {
    fixture.clock.advance(Duration::from_secs(days * 86_400));
}

fn exported(fixture: &Fixture, product: &str) -> Vec<Json> {
    EventFolder::of(fixture).exported(product)
}

/// The end of an event's id and a device's pseudonym, as the files have them:
/// the id of a fresh event, and the device of any.
fn traces(event: &Json) -> [Vec<u8>; 2] {
    let id = EventId::parse(event["id"].as_str().expect("an id")).expect("an id");
    let device = event["device"].as_str().expect("a device");
    let device = u128::from_str_radix(device, 16).expect("32 digits");
    [id.bits().to_be_bytes()[8..].to_vec(), device.to_be_bytes().to_vec()]
}

/// How many of the traces are in the files of the store.
fn found(fixture: &Fixture, traces: &[[Vec<u8>; 2]]) -> [usize; 2] {
    let bytes = stored_bytes(&fixture.home.path().join("data"));
    let is_there = |trace: &Vec<u8>| bytes.windows(trace.len()).any(|window| window == trace);
    [0, 1].map(|which| traces.iter().filter(|pair| is_there(&pair[which])).count())
}

fn assert_books_agree(fixture: &Fixture) {
    if only_embedded("`headcount doctor` reads the counts and the events of a folder") {
        let report = doctor(&fixture.home.path().join("data"), None).expect("a folder");
        assert_eq!(report.findings, Vec::<String>::new());
    }
}

/// An id with bytes that no other one has.
fn number(number: u64) -> u128 {
    u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
}

const QUESTIONS: [&str; 9] = [
    "events?by=version",
    "active?",
    "active?period=week",
    "active?period=month&by=version",
    "versions?",
    "by-property?event=run&property=command",
    "across?event=run&one=command&other=version",
    "failures?event=run",
    "quantiles?event=run&property=took",
];

fn answers(fixture: &Fixture) -> Vec<String> {
    let asked = QUESTIONS.iter().map(|question| {
        let path = format!("/api/v1/ask/{question}&product=tool&from=2026-11-01&to={TODAY}");
        let answer = fixture.get(&path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    });
    asked.collect()
}

/// Six devices on each of two days.
fn load() -> Vec<Json> {
    let days = [(YESTERDAY, 0), (TODAY, 6)];
    let of_day = |(day, first): (&'static str, u64)| {
        (1..=6).map(move |device| {
            let mut line = run(number(first + device), &format!("d{device}"), day, "1.4.0");
            line["took"] = json!(device);
            line
        })
    };
    days.into_iter().flat_map(of_day).collect()
}

/// The catalog keeps raw events for ten days, the event's own not counted.
#[test]
fn after_its_days_an_event_is_gone_and_its_counts_stay() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, &[TOOL]);
    let lines = load();
    assert_eq!(send(&fixture, &lines).json()["accepted"], 12);
    let all = exported(&fixture, "tool");
    let traces: Vec<_> = all.iter().map(traces).collect();
    assert_eq!((all.len(), found(&fixture, &traces)), (12, [12, 12]));
    let numbers = answers(&fixture);

    // Sealed, and all there.
    days_pass(&fixture, 2);
    assert_sealed(&fixture.keep_house(), 12, None);
    assert_eq!((exported(&fixture, "tool").len(), answers(&fixture)), (12, numbers.clone()));
    // Nine days later the older day is eleven days old.
    days_pass(&fixture, 8);
    assert_eq!(fixture.keep_house().expired, 6);
    let left = exported(&fixture, "tool");
    assert!(left.len() == 6 && left.iter().all(|event| event["day"] == TODAY), "{left:?}");
    // The devices live on in the other day.
    assert_eq!(found(&fixture, &traces)[1], 12);
    assert_eq!(answers(&fixture), numbers);
    let again = send(&fixture, &lines);
    again.assert_taken(0, 6);
    let again = again.json();
    assert_eq!(again["rejected"], 6, "{again}");
    assert!(again.to_string().contains("\"reason\":\"too-old\""), "{again}");

    days_pass(&fixture, 1);
    assert_eq!(fixture.keep_house().expired, 6);
    assert_eq!(exported(&fixture, "tool"), Vec::<Json>::new());
    assert_eq!(found(&fixture, &traces), [0, 0], "while it runs");
    assert_eq!(answers(&fixture), numbers);
    let again = send(&fixture, &lines).json();
    assert_eq!(again["rejected"], 12, "{again}");
    assert_eq!(fixture.counter("tool", "rejected", "too-old"), 18);
    serve(&mut fixture, &[TOOL]);
    assert_eq!(answers(&fixture), numbers);
    fixture.stop();
    assert_eq!(found(&fixture, &traces), [0, 0], "after it ran");
    assert_books_agree(&fixture);
}

/// Two products of one collector, each by its own catalog; and what was never
/// sealed expires as well.
#[test]
fn each_catalog_keeps_its_own_time() {
    let mut fixture = Fixture::new();
    let longer =
        TOOL.replace("\"10d\"", "\"30d\"").replace("tool", "other").replace("TOOL", "OTHER");
    serve(&mut fixture, &[TOOL, &longer]);
    let lines: Vec<String> = load().iter().map(Json::to_string).collect();
    for product in ["tool", "other"] {
        let request = post("/api/v1/events", lines.join("\n")).key(product);
        assert_eq!(request.send(fixture.address()).json()["accepted"], 12);
    }
    days_pass(&fixture, 11);
    let report = fixture.keep_house();
    assert_sealed(&report, 12, None);
    assert_eq!(report.expired, 12);
    assert_eq!(["tool", "other"].map(|product| exported(&fixture, product).len()), [0, 12]);
    days_pass(&fixture, 20);
    assert_eq!(fixture.keep_house().expired, 12);
    assert_eq!(exported(&fixture, "other").len(), 0);
    let answer = fixture.get("/api/v1/ask/events?product=other&from=2026-11-01&to=2026-11-20");
    assert_eq!(answer.json()["rows"][1]["count"], 6, "{answer:?}");
}

/// Events of one device: sealed ones, merged ones, late ones and fresh ones.
#[test]
fn a_person_is_erased_from_what_is_sealed() {
    let mut fixture = Fixture::new();
    serve(&mut fixture, &[TOOL]);
    let own = DeviceSecret::from_hex(SECRET).expect("a secret").device();
    let of_own = |place: u64, day: &str| run(number(100 + place), &own, day, "1.4.0");
    let mut lines = load();
    lines.extend([of_own(1, YESTERDAY), of_own(2, TODAY)]);
    assert_eq!(send(&fixture, &lines).json()["accepted"], 14);
    days_pass(&fixture, 2);
    assert_sealed(&fixture.keep_house(), 14, None);
    assert_eq!(send(&fixture, &[of_own(3, TODAY)]).json()["accepted"], 1);
    assert_sealed(&fixture.keep_house(), 1, Some(8));
    let fresh = [of_own(4, YESTERDAY), of_own(5, "2026-11-22")];
    assert_eq!(send(&fixture, &fresh).json()["accepted"], 2);

    let all = exported(&fixture, "tool");
    // The device with five events, by its pseudonym.
    let count = |event: &Json| all.iter().filter(|one| one["device"] == event["device"]).count();
    let (theirs, others): (Vec<Json>, Vec<Json>) =
        all.iter().cloned().partition(|event| count(event) == 5);
    let of = |events: &[Json]| events.iter().map(traces).collect::<Vec<_>>();
    let (theirs, others) = (of(&theirs), of(&others));
    let devices = || (found(&fixture, &theirs)[1], found(&fixture, &others)[1]);
    assert_eq!(devices(), (5, 12));
    let numbers = answers(&fixture);

    let body = json!({"product": "tool", "secret": SECRET}).to_string();
    let forget = || post("/api/v1/forget", body.clone()).key("tool").send(fixture.address()).json();
    let answer = forget();
    assert_eq!(answer["erased"], 5, "{answer}");
    assert_eq!(exported(&fixture, "tool").len(), 12);
    assert_eq!(found(&fixture, &theirs), [0, 0], "while it runs");
    assert_eq!(devices(), (0, 12));
    // Sums stay, and the device leaves the numbers of devices that are made
    // anew from raw events.
    for (question, (now, before)) in QUESTIONS.iter().zip(answers(&fixture).iter().zip(&numbers)) {
        if !question.starts_with("active") {
            assert_eq!(now, before, "{question}");
        }
    }
    assert_eq!(forget()["erased"], 0);
    send(&fixture, &load()).assert_taken(0, 12);
    fixture.stop();
    assert_eq!(found(&fixture, &theirs), [0, 0], "after it ran");
    assert_books_agree(&fixture);
}

/// By account, without a server; the account has several devices.
#[test]
fn an_account_is_erased_from_what_is_sealed() {
    if !only_embedded("`headcount forget` erases events in a folder") {
        return;
    }
    let mut fixture = Fixture::new();
    serve(&mut fixture, &[&catalog_text("atomcode")]);
    let event = |place: u64, device: &str, account: &str| {
        let mut line = run(number(place), device, TODAY, "1.0.0");
        line.as_object_mut().expect("an object").remove("worked");
        for (key, value) in [
            ("event_id", "open_atomcode"),
            ("device_id", device),
            ("account_id", account),
            ("session_id", "s1"),
            ("mode", "tui"),
            ("app_version", "1.0.0"),
            ("os", "linux"),
            ("arch", "x86_64"),
            ("type", "/"),
        ] {
            line[key] = json!(value);
        }
        line["ts"] = line["time"].clone();
        line["schema_version"] = json!(1);
        line.to_string()
    };
    let lines = [event(1, "d1", "a1"), event(2, "d2", "a1"), event(3, "d1", "a2")];
    let answer = post("/api/v1/events", lines.join("\n")).key("atomcode").send(fixture.address());
    assert_eq!(answer.json()["accepted"], 3, "{answer:?}");
    days_pass(&fixture, 2);
    assert_eq!(fixture.keep_house().sealed, 3);
    fixture.stop();
    let data = fixture.home.path().join("data");
    let log = fixture.config().log;
    let today = Day::parse(TODAY).expect("a day");
    let forget = |person: &Person| {
        offline::forget(&data, "atomcode", person, today, &log).expect("an answer").erased
    };
    assert_eq!(forget(&Person::Account("a1".to_owned())), Some(2));
    assert_eq!(exported(&fixture, "atomcode").len(), 1);
    assert_eq!(forget(&Person::Account("nobody".to_owned())), Some(0));
    assert_eq!(forget(&Person::Device("d1".to_owned())), Some(1));
    assert_eq!(exported(&fixture, "atomcode").len(), 0);
    serve(&mut fixture, &[]);
    let answer = fixture.get("/api/v1/ask/events?product=atomcode");
    assert_eq!(answer.json()["rows"][0]["count"], 3, "{answer:?}");
}
