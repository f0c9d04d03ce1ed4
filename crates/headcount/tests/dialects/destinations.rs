//! From the queue to each destination, as its dialect has it.

use headcount::ship::{Arrived, FlushEnd};
use headcount_testkit::Home;

use super::receiver::{Mood, Receiver};
use super::scene::{LATER, NOW, catalog, open, open_with, record_all};

/// A destination of each dialect and encoding, and the path it is at.
pub(crate) const DESTINATIONS: [(&str, &str); 7] = [
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
];

pub(crate) fn entry(destination: &str) -> String {
    format!("[[destination]]\n{destination}\n")
}

#[test]
fn every_product_arrives_in_every_dialect() {
    for product in ["atomic", "atomcode", "archon", "assembly"] {
        for (destination, path) in DESTINATIONS {
            let (catalog, home) = (catalog(product, &entry(destination)), Home::new());
            let session = open(catalog, &home, NOW);
            let recorded = record_all(&session, catalog, 3);
            let receiver = Receiver::new(catalog, Vec::new());
            let flushed = session.flush(&receiver);
            let arrived = Arrived { taken: recorded as u64, rejected: 0 };
            assert_eq!(
                (flushed.ended, flushed.arrived),
                (FlushEnd::Done, arrived),
                "{destination}"
            );
            let lines = receiver.arrived(path);
            assert_eq!(lines.len(), recorded, "{product} {destination}");
            assert_eq!(receiver.requests().len(), 1);
            // Nothing is left, and nothing goes twice.
            session.flush(&receiver);
            assert_eq!(receiver.requests().len(), 1);
        }
    }
}

#[test]
fn openclackys_events_go_one_by_one_to_their_own_paths() {
    let (catalog, home) = (catalog("clacky", ""), Home::new());
    let session = open(catalog, &home, NOW);
    let recorded = record_all(&session, catalog, 2);
    let receiver = Receiver::new(catalog, Vec::new());
    assert_eq!(session.flush(&receiver).arrived.taken, recorded as u64);
    let urls: Vec<String> = receiver.requests().into_iter().map(|it| it.url).collect();
    let at = |name: &str| format!("http://127.0.0.1:9/api/v1/telemetry/{name}");
    assert_eq!(urls, [at("startup"), at("task"), at("startup"), at("task")]);
    for line in receiver.arrived("/") {
        let sent = receiver.requests();
        assert!(sent.iter().all(|it| it.text().is_some_and(|body| !body.contains("\"id\":"))));
        assert!(line.contains("\"device_id\":"));
    }
}

/// Each destination has its own progress: one that is dead holds up nobody, and
/// has everything once it is back.
#[test]
fn one_dead_destination_holds_up_no_other_and_misses_nothing() {
    let both = [DESTINATIONS[1].0, DESTINATIONS[3].0].map(entry).concat();
    let (catalog, home) = (catalog("atomic", &both), Home::new());
    let session = open(catalog, &home, NOW);
    let recorded = record_all(&session, catalog, 4);
    let dead = Receiver::new(catalog, vec![("/v1/logs", Mood::Dead)]);
    session.flush(&dead);
    assert_eq!(dead.arrived("/batch/").len(), recorded, "on time");
    assert_eq!(dead.arrived("/v1/logs").len(), 0);
    let session = open(catalog, &home, LATER);
    let more = record_all(&session, catalog, 1);
    let back = Receiver::new(catalog, Vec::new());
    session.flush(&back);
    assert_eq!(back.arrived("/v1/logs").len(), recorded + more, "everything");
    assert_eq!(back.arrived("/batch/").len(), more, "nothing twice");
    let posthogs = [dead.arrived("/batch/"), back.arrived("/batch/")].concat();
    assert_eq!(back.arrived("/v1/logs"), posthogs, "the same events");
}

/// A page that is no answer keeps everything; the request is then the same
/// again.
#[test]
fn a_stray_page_settles_nothing_and_the_request_stays_the_same() {
    const PAGE: &str = "<html><body>Sign in to the network</body></html>";
    for (destination, _) in DESTINATIONS {
        let (catalog, home) = (catalog("assembly", &entry(destination)), Home::new());
        let session = open(catalog, &home, NOW);
        record_all(&session, catalog, 2);
        let stray = Receiver::new(catalog, vec![("/", Mood::Says(200, PAGE))]);
        assert_eq!(session.flush(&stray).arrived, Arrived::default(), "{destination}");
        let session = open(catalog, &home, LATER);
        let real = Receiver::new(catalog, Vec::new());
        assert_eq!(session.flush(&real).arrived.taken, 2, "{destination}");
        assert_eq!(stray.requests(), real.requests(), "sent again, it is the same");
    }
}

#[test]
fn without_a_key_nothing_goes_and_nothing_is_lost() {
    let (catalog, home) = (catalog("archon", ""), Home::new());
    let session = open(catalog, &home, NOW);
    record_all(&session, catalog, 1);
    let receiver = Receiver::new(catalog, Vec::new());
    session.flush(&receiver);
    assert_eq!(receiver.requests().len(), 0, "a development build");
}

#[test]
fn a_token_of_the_environments_is_used_on_this_machine() {
    let (catalog, home) = (catalog("assembly", ""), Home::new());
    let variables = [
        ("AAI_TELEMETRY_ENDPOINT", "http://127.0.0.1:9"),
        ("AAI_TELEMETRY_CLIENT_TOKEN", "pubtest"),
    ];
    let session = open_with(catalog, &home, NOW, &variables);
    record_all(&session, catalog, 1);
    let receiver = Receiver::new(catalog, Vec::new());
    assert_eq!(session.flush(&receiver).arrived.taken, 1);
    let url = &receiver.requests()[0].url;
    assert!(url.contains("?ddsource=browser&dd-api-key=pubtest&dd-evp-origin-version="), "{url}");
}

/// What will never be taken is set aside as it was recorded, whatever its
/// dialect made of it.
#[test]
fn a_refused_batch_is_set_aside_in_lines() {
    let (catalog, home) = (catalog("atomic", &entry(DESTINATIONS[2].0)), Home::new());
    let session = open(catalog, &home, NOW);
    let recorded = record_all(&session, catalog, 1);
    let receiver = Receiver::new(catalog, vec![("/", Mood::Says(400, "no"))]);
    assert_eq!(session.flush(&receiver).arrived.rejected, recorded as u64);
    let aside = home.tree().into_iter().find(|entry| entry.path.contains("quarantine")).unwrap();
    let text = std::fs::read_to_string(home.path().join(aside.path)).unwrap();
    let read = text.lines().filter(|line| headcount_wire::read(catalog, line).is_ok());
    assert_eq!(read.count(), recorded);
}
