//! The farewell: sent once, bounded, before the no is written, and only where
//! the catalog asks for it and telemetry was on.
#![cfg(feature = "ureq")]

use std::time::{Duration, Instant};

use headcount_testkit::{CannedAnswer, CaptureServer, Home, ServerReply};

use crate::scene;

const SETTINGS: &str = ".atomcode/config.toml";

#[test]
fn it_is_the_one_thing_that_leaves_and_it_leaves_first() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let server = CaptureServer::start();
    server.reply_otherwise(
        CannedAnswer::status(200)
            .body("{\"accepted\":1,\"duplicate\":0,\"rejected\":0,\"events\":[]}"),
    );
    let url = server.url();
    let variables = [("ATOMCODE_TELEMETRY_ENDPOINT", url.as_str())];
    scene::tell(catalog, &home);
    let session = scene::open(catalog, &home, &variables);
    session.try_record(&scene::Any::named(catalog, "open_atomcode")).unwrap();

    let reply = scene::say_with(catalog, &home, "disable", &variables);
    assert_eq!(reply.code, 0, "{}", reply.err);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let body = requests[0].text();
    assert!(body.contains("\"event_id\":\"telemetry_disabled\""), "{body}");
    assert!(!body.contains("open_atomcode"), "what waited was not sent with it: {body}");
    assert!(body.contains("\"device_id\":\""), "{body}");
    assert!(home.read(SETTINGS).contains("enabled = false"));

    let reply = scene::say_with(catalog, &home, "disable", &variables);
    assert_eq!((reply.code, server.requests().len()), (0, 1), "it was off already");
}

#[test]
fn a_destination_that_never_answers_delays_a_no_by_one_request_at_most() {
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let server = CaptureServer::start();
    server.reply_otherwise(ServerReply::Never);
    let url = server.url();
    let start = Instant::now();
    let reply =
        scene::say_with(catalog, &home, "off", &[("ATOMCODE_TELEMETRY_ENDPOINT", url.as_str())]);
    assert_eq!(reply.code, 0, "{}", reply.err);
    // Three seconds for the request, and as many for a busy machine.
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
    assert!(home.read(SETTINGS).contains("enabled = false"));
}

#[test]
fn nobody_else_says_farewell() {
    for product in ["assembly", "archon", "atomic", "clacky"] {
        let (catalog, home) = (scene::catalog(product), Home::new());
        let server = CaptureServer::start();
        let (name, url) = (catalog.variable("ENDPOINT"), server.url());
        let variables = [(name.as_str(), url.as_str())];
        assert_eq!(scene::say_with(catalog, &home, "on", &variables).code, 0);
        assert_eq!(scene::say_with(catalog, &home, "off", &variables).code, 0);
        assert_eq!(server.connections(), 0, "{product}");
    }
    let (catalog, home) = (scene::catalog("atomcode"), Home::new());
    let server = CaptureServer::start();
    let url = server.url();
    let variables = [("ATOMCODE_TELEMETRY_ENDPOINT", url.as_str()), ("DO_NOT_TRACK", "1")];
    assert_eq!(scene::say_with(catalog, &home, "off", &variables).code, 0);
    assert_eq!(server.connections(), 0, "it was off by a variable");
}
