//! What a person refused is in no request, in any dialect: a canary in the
//! refused event is looked for in every byte that would leave.

use headcount::catalog::{Event, Raw, Value, parse};
use headcount::person;
use headcount::{Catalog, Session};
use headcount_testkit::{Canary, Home};

use super::destinations::{DESTINATIONS, entry};
use super::receiver::Receiver;
use super::scene::{NOW, catalog, now, open, record_all};

/// A record of an event with the canary in this property.
struct Planted {
    event: &'static Event,
    values: Vec<Option<Value>>,
}

impl headcount::TypedEvent for Planted {
    fn definition(&self) -> &'static Event {
        self.event
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.values.clone()
    }
}

fn planted(catalog: &'static Catalog, event: &str, property: &str, canary: &str) -> Planted {
    let event = catalog.event(event).unwrap();
    let mut values = catalog.sample(event, now()).properties;
    let (place, definition) = event.property(property).unwrap();
    values[place] = Some(definition.kind.admit(&Raw::Text(canary)).unwrap());
    Planted { event, values: event.complete(values) }
}

fn say(session: &Session, words: &str) {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let reply = person::run(session, &words);
    assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{words:?}");
}

/// Whether the canary is anywhere in what was sent.
fn is_in(receiver: &Receiver, canary: &Canary) -> bool {
    receiver.requests().iter().any(|request| {
        let parts = [request.url.as_bytes(), &request.body];
        parts.iter().any(|bytes| canary.find_in(bytes).is_some())
    })
}

/// Where the canary is on the disk, but for the log of what was sent before.
fn on_disk(home: &Home, canary: &Canary) -> Vec<String> {
    let places = canary.find_in_tree(home.path()).into_iter();
    places.filter(|place| !place.contains("sent.jsonl")).collect()
}

/// The whole course in one dialect: what is not refused arrives, with the
/// canary; after `off` neither what waited nor what comes later does.
fn check(catalog: &'static Catalog, what: &str, (event, property): (&str, &str), purpose: &str) {
    let canary = Canary::new("refused");
    let home = Home::new();
    let session = open(catalog, &home, NOW);
    session.try_record(&planted(catalog, event, property, canary.text())).unwrap();
    let receiver = Receiver::new(catalog, Vec::new());
    session.flush(&receiver);
    assert!(is_in(&receiver, &canary), "{what}: what is allowed arrives");

    let events = record_all(&session, catalog, 2);
    session.try_record(&planted(catalog, event, property, canary.text())).unwrap();
    say(&open(catalog, &home, NOW), &format!("off {purpose}"));
    let session = open(catalog, &home, NOW);
    assert!(
        session.try_record(&planted(catalog, event, property, canary.text())).is_err(),
        "{what}"
    );
    let receiver = Receiver::new(catalog, Vec::new());
    let flushed = session.flush(&receiver);
    let kept = catalog.events.iter().filter(|event| event.purpose != purpose).count() * 2;
    assert!(kept < events);
    assert_eq!(flushed.arrived.taken, kept as u64, "{what}: the rest arrives");
    assert!(!is_in(&receiver, &canary), "{what}");
    assert!(
        receiver.arrived("/").iter().all(|line| !line.contains(&format!("\"{event}\""))),
        "{what}"
    );
    assert_eq!(on_disk(&home, &canary), [""; 0], "{what}");
}

#[test]
fn what_is_refused_is_in_no_body_of_any_dialect() {
    for (destination, _) in DESTINATIONS {
        let catalog = catalog("atomcode", &entry(destination));
        check(catalog, destination, ("panic", "message_head"), "crash");
    }
}

#[test]
fn what_is_refused_is_in_no_body_of_openclackys() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let text = std::fs::read_to_string(examples.join("clacky/telemetry.toml")).unwrap();
    let text = text.replace("mode = \"thread\"", "mode = \"detached\"").replace(
        "[event.task]\n",
        "[purpose.tasks]\ntitle = \"Tasks\"\nwhy = \"What runs cost.\"\n\n[event.task]\npurpose = \"tasks\"\n",
    );
    let catalog = Box::leak(Box::new(parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"))));
    check(catalog, "clacky", ("task", "model"), "tasks");
}
