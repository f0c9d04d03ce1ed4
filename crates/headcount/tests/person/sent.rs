//! What `inspect` shows is what arrives, and what `sent` shows is what arrived:
//! method, address, headers and body, for every kind of destination, in the
//! order in which it arrives.
#![cfg(feature = "ureq")]

use headcount::Catalog;
use headcount::catalog::Dialect;
use headcount::ship::{Build, Overrides, Ureq, request, target};
use headcount_testkit::{CannedAnswer, CaptureServer, CapturedRequest, Home};
use serde_json::Value as Json;

use crate::scene;

/// A catalog of every kind, and the answer with which that kind says yes.
fn kinds() -> Vec<(String, String, CannedAnswer)> {
    let json = |status, body: &str| {
        CannedAnswer::status(status).header("content-type", "application/json").body(body)
    };
    let (atomic, archon) = (scene::text_of("atomic"), scene::text_of("archon"));
    let archon =
        archon.replace("key = { build = \"POSTHOG_PUBLIC_KEY\" }", "key = \"phc_abcdefghijkl\"");
    let protobuf =
        atomic.replace("kind = \"otlp\"\n", "kind = \"otlp\"\nencoding = \"protobuf\"\n");
    let http = atomic.replace("kind = \"otlp\"\n", "kind = \"http\"\n");
    let both = format!(
        "{atomic}\n[[destination]]\nkind = \"http\"\nendpoint = \"https://other.atomic.example/events\"\n"
    );
    let accepted = "{\"accepted\":7,\"duplicate\":0,\"rejected\":0,\"events\":[]}";
    [
        ("otlp", atomic.clone(), json(200, "{}")),
        (
            "otlp in protobuf",
            protobuf,
            CannedAnswer::status(200).header("content-type", "application/x-protobuf"),
        ),
        ("http", http, json(200, "{}")),
        ("two destinations", both, json(200, "{}")),
        ("headcount", scene::text_of("atomcode"), json(200, accepted)),
        ("posthog", archon, json(200, "{\"status\":1}")),
        ("datadog", scene::text_of("assembly"), json(202, "{}")),
        ("clacky", scene::text_of("clacky"), json(200, "{}")),
    ]
    .map(|(kind, text, answer)| (kind.to_owned(), text, answer))
    .to_vec()
}

#[test]
fn every_request_is_the_one_that_was_shown() {
    for (kind, text, answer) in kinds() {
        let (catalog, home) = (scene::catalog_of(&text), Home::new());
        let server = CaptureServer::start();
        server.reply_otherwise(answer);
        let (name, url) = (catalog.variable("ENDPOINT"), server.url());
        let variables = [(name.as_str(), url.as_str())];
        assert_eq!(scene::say_with(catalog, &home, "on", &variables).code, 0, "{kind}");
        let session = scene::open(catalog, &home, &variables);
        scene::record_all(&session, catalog);

        let shown = scene::say_with(catalog, &home, "inspect --json", &variables);
        let shown: Vec<Json> = serde_json::from_str(&shown.out).expect("one line of JSON");
        let flushed = session.flush(&Ureq::new());
        let came = server.requests();
        assert!(!shown.is_empty(), "{kind}");
        assert_eq!(came.len(), shown.len(), "{kind}: {flushed:?}");
        for (came, shown) in came.iter().zip(&shown) {
            same(&kind, &url, came, shown);
        }
        assert_eq!(scene::say_with(catalog, &home, "dump", &variables).out, "", "{kind}: all went");
    }
}

#[test]
fn what_was_sent_is_what_came() {
    for (kind, text, answer) in kinds() {
        let (catalog, home) = (scene::catalog_of(&text), Home::new());
        let server = CaptureServer::start();
        server.reply_otherwise(answer);
        let (name, url) = (catalog.variable("ENDPOINT"), server.url());
        let variables = [(name.as_str(), url.as_str())];
        let said = |words: &str| {
            let reply = scene::say_with(catalog, &home, words, &variables);
            assert_eq!((reply.code, reply.err.as_str()), (0, ""), "{kind}: {words}");
            reply.out
        };
        said("on");
        let session = scene::open(catalog, &home, &variables);
        scene::record_all(&session, catalog);
        scene::record_all(&session, catalog);
        let queue = said("dump");
        let queue: Vec<&str> = queue.lines().collect();
        session.flush(&Ureq::new());

        let sent: Vec<Json> =
            said("sent --json").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let receipts: Vec<Json> = serde_json::from_str(&said("receipts --json")).unwrap();
        let came = server.requests();
        assert_eq!((came.is_empty(), came.len()), (false, receipts.len()), "{kind}");
        let mut rest = &sent[..];
        for (came, receipt) in came.iter().zip(&receipts) {
            let events = receipt["events"].as_u64().unwrap() as usize;
            let (of_request, others) = rest.split_at(events);
            rest = others;
            for entry in of_request {
                assert_eq!(entry["at"], receipt["time"], "{kind}");
                assert_eq!(entry["destination"], receipt["destination"], "{kind}");
                assert_eq!(entry["status"], receipt["status"], "{kind}");
            }
            let lines: Vec<&str> =
                of_request.iter().map(|entry| entry["line"].as_str().unwrap()).collect();
            assert!(lines.iter().all(|line| queue.contains(line)), "{kind}: {lines:?}");
            made_of(&lines, came, catalog, &receipt["destination"], &variables);
        }
        assert_eq!(rest, [Json::Null; 0], "{kind}");
        for destination in catalog.destinations {
            let of = sent.iter().filter(|entry| entry["destination"] == destination.name);
            let mut lines: Vec<&str> = of.filter_map(|entry| entry["line"].as_str()).collect();
            let mut queue = queue.clone();
            lines.sort_unstable();
            queue.sort_unstable();
            assert_eq!(lines, queue, "{kind}: each once");
        }
    }
}

/// The body that came is what the payload code makes of these lines, byte for
/// byte, and where a dialect sends lines, it is these.
fn made_of(
    lines: &[&str],
    came: &CapturedRequest,
    catalog: &'static Catalog,
    destination: &Json,
    variables: &[(&str, &str)],
) {
    let mut destinations = catalog.destinations.iter();
    let destination = destinations.find(|it| *destination == it.name).expect("a destination");
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let overrides = Overrides::read(catalog, destination, variable);
    let to = target(catalog, destination, &overrides, Build::this()).expect("an address");
    let records: Vec<_> =
        lines.iter().map(|line| headcount_wire::read(catalog, line).expect("a record")).collect();
    let made = request(catalog, destination, &to, &records).expect("a request");
    assert_eq!(made.sent().as_ref(), came.body, "{}", destination.name);
    let body = plain(came);
    match destination.dialect {
        Dialect::Headcount => assert_eq!(body, format!("{}\n", lines.join("\n")).as_bytes()),
        Dialect::Http => {
            assert_eq!(body, format!("{{\"events\":[{}]}}", lines.join(",")).as_bytes());
        }
        Dialect::Otlp | Dialect::PostHog | Dialect::Datadog | Dialect::Clacky => {}
    }
}

fn same(kind: &str, url: &str, came: &CapturedRequest, shown: &Json) {
    assert_eq!(came.method, shown["method"], "{kind}");
    assert_eq!(format!("{url}{}", came.path), shown["url"], "{kind}");
    for (name, value) in shown["headers"].as_object().expect("an object") {
        assert_eq!(came.header(name), value.as_str(), "{kind}: {name}");
    }
    if let Some(text) = shown["body"].as_str() {
        assert_eq!(String::from_utf8_lossy(&plain(came)), text, "{kind}");
    }
    // Where the body is no text, or not sent as it is shown.
    if shown["body"].is_null() || came.header("content-encoding").is_some() {
        assert_eq!(base64(&came.body), shown["bodyBase64"], "{kind}");
    }
}

/// The body without the compression that its headers tell of.
fn plain(came: &CapturedRequest) -> Vec<u8> {
    match came.header("content-encoding") {
        None => came.body.clone(),
        #[cfg(feature = "gzip")]
        Some("gzip") => {
            let mut body = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(&came.body[..]);
            std::io::Read::read_to_end(&mut decoder, &mut body).expect("gzip");
            body
        }
        Some(other) => panic!("unexpected compression {other}"),
    }
}

/// RFC 4648, 4, told independently of the code under test.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let all = group.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
        let all = all << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
