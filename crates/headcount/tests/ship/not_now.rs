//! Answers that mean *not now*: what waits stays, a person reads why, and it
//! goes when the destination is ready.

use std::time::Duration;

use headcount::Catalog;
use headcount::ship::{Curl, Transport, Ureq};
use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};
use serde_json::{Value as Json, json};

use crate::scene;

const KINDS: [&str; 4] = ["http", "headcount", "otlp", "posthog"];
const DAY_S: i64 = 86_400;

fn yes(kind: &str) -> CannedAnswer {
    match kind {
        "headcount" => {
            let json = CannedAnswer::status(200).header("content-type", "application/json");
            json.body("{\"accepted\":1,\"duplicate\":0,\"rejected\":0,\"events\":[]}")
        }
        kind => scene::yes(kind),
    }
}

fn status(catalog: &'static Catalog, home: &Home, now_s: i64) -> Json {
    scene::say(catalog, home, scene::after(now_s), "status --json")
}

/// A release goes out before its catalog is loaded.
#[test]
fn what_a_collector_does_not_take_yet_goes_when_it_does() {
    for kind in KINDS {
        for refusal in [401, 402, 403, 404, 405, 407, 408, 415, 421, 425, 451, 511] {
            let server = CaptureServer::start();
            server.reply_otherwise(CannedAnswer::status(refusal));
            let (catalog, home) = (scene::one(kind, &server.url()), Home::new());
            scene::ticks(catalog, &home, scene::after(0), [1]);
            scene::ship(catalog, &home, scene::after(0));
            let shown = status(catalog, &home, 0);
            let destination = &shown["destinations"][0];
            let told = (&shown["quarantineBytes"], &shown["lost"], &shown["waiting"]["events"]);
            assert_eq!(told, (&json!(0), &json!({}), &json!(1)), "{kind} {refusal}");
            assert_eq!(destination["lastRequest"]["error"], "not-now", "{kind} {refusal}");
            assert_eq!(destination["againInSeconds"], 1, "{kind} {refusal}");
            server.reply_otherwise(yes(kind));
            scene::ship(catalog, &home, scene::after(1));
            assert_eq!(status(catalog, &home, 1)["waiting"]["events"], 0, "{kind} {refusal}");
        }
    }
}

#[test]
fn only_what_says_that_the_bytes_are_wrong_sets_them_aside() {
    for kind in KINDS {
        for refusal in [400, 413, 422] {
            let server = CaptureServer::start();
            server.reply_otherwise(CannedAnswer::status(refusal));
            let (catalog, home) = (scene::one(kind, &server.url()), Home::new());
            scene::ticks(catalog, &home, scene::after(0), [1]);
            scene::ship(catalog, &home, scene::after(0));
            let shown = status(catalog, &home, 0);
            assert!(shown["quarantineBytes"].as_u64() > Some(0), "{kind} {refusal}: {shown}");
            assert_eq!(shown["waiting"]["events"], 0, "{kind} {refusal}");
        }
    }
}

/// Asked at every chance for forty days: seldom, and not for ever.
#[test]
fn a_refusal_is_asked_again_once_a_day_until_the_retention_is_over() {
    let server = CaptureServer::start();
    server.reply_otherwise(CannedAnswer::status(401));
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let mut asked = Vec::new();
    for hour in (0..40 * 24).step_by(4) {
        let before = server.requests().len();
        scene::ship(catalog, &home, scene::after(hour * 3_600));
        asked.extend((server.requests().len() > before).then_some(hour));
        let waiting = &status(catalog, &home, hour * 3_600)["waiting"]["events"];
        assert_eq!(waiting, &json!(u64::from(hour <= 30 * 24)), "hour {hour}");
    }
    let late: Vec<i64> = asked.into_iter().filter(|hour| *hour > 5 * 24).collect();
    assert!((25..=2 * 26).contains(&late.len()), "{late:?}");
    assert_eq!(status(catalog, &home, 40 * DAY_S)["lost"], json!({"over-age": 1}));
}

fn transports() -> Vec<Box<dyn Transport>> {
    let curl = Curl::of_the_system().map(|curl| Box::new(curl) as Box<dyn Transport>);
    curl.into_iter().chain([Box::new(Ureq::new()) as Box<dyn Transport>]).collect()
}

#[test]
fn a_person_reads_the_servers_own_sentence() {
    for transport in transports() {
        for (body, sentence) in [
            ("{\"error\":\"unknown write key\"}", "unknown write key"),
            ("{\"code\":16,\"message\":\"no catalog\"}", "no catalog"),
            ("{\"errors\":[{\"status\":\"403\",\"title\":\"Forbidden\"}]}", "Forbidden"),
            ("no such page", "no such page"),
            ("{\"error\":\"\\u001b[2J\\u009b31mhello\"}", "hello"),
            ("\u{1b}[2J\u{9b}31mgood morning", "good morning"),
        ] {
            let server = CaptureServer::start();
            server.reply_next(CannedAnswer::status(403).body(body));
            let (catalog, home) = (scene::one("http", &server.url()), Home::new());
            scene::ticks(catalog, &home, scene::after(0), [1]);
            scene::open(catalog, &home, scene::after(0)).flush(transport.as_ref());
            for words in ["status", "receipts"] {
                let said = scene::said(catalog, &home, scene::after(0), words);
                assert!(said.contains(sentence), "{said}");
                assert!(!said.contains(['\u{1b}', '\u{9b}']), "{said:?}");
            }
            let shown = status(catalog, &home, 0);
            let last = &shown["destinations"][0]["lastRequest"];
            assert!(last["said"].as_str().is_some_and(|said| said.ends_with(sentence)), "{last}");
        }
    }
}

/// A server that repeats what it was sent leaves no id in a receipt.
#[test]
fn a_sentence_with_the_id_is_kept_without_it() {
    let server = CaptureServer::start();
    let (catalog, home) = (scene::one("http", &server.url()), Home::new());
    scene::ticks(catalog, &home, scene::after(0), [1]);
    let id = home.read(".tick/device").trim().to_owned();
    server.reply_next(CannedAnswer::status(403).body(format!("{{\"error\":\"who is {id}?\"}}")));
    scene::ship(catalog, &home, scene::after(0));
    let receipts = home.read(".tick/telemetry-state/receipts.jsonl");
    assert!(receipts.contains("who is") && !receipts.contains(&id), "{receipts}");
}

/// The body of a refusal is for a person; the pause and the wish stand in the
/// head.
#[test]
fn a_refusal_of_a_megabyte_is_not_read_to_its_end() {
    for transport in transports() {
        let server = CaptureServer::start();
        let long = CannedAnswer::status(401).header("retry-after", "600");
        server.reply_next(ServerReply::Now(long.body("x".repeat(1024 * 1024))));
        let (catalog, home) = (scene::one("http", &server.url()), Home::new());
        scene::ticks(catalog, &home, scene::after(0), [1]);
        let start = std::time::Instant::now();
        scene::open(catalog, &home, scene::after(0)).flush(transport.as_ref());
        assert!(start.elapsed() < Duration::from_secs(30));
        let shown = status(catalog, &home, 0);
        assert_eq!(shown["destinations"][0]["againInSeconds"], 600, "{shown}");
        let said = &shown["destinations"][0]["lastRequest"]["said"];
        assert_eq!(said.as_str().map(|said| said.chars().count()), Some(160));
    }
}
