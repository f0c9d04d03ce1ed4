//! PostHog's endpoints, with requests as its official clients send them.

use headcount_wire::base64;
use serde_json::{Value as Json, json};

use crate::client::{Answer, Request, options, post};
use crate::fixture::{Fixture, TODAY, id};
use crate::native::gzip;
use crate::store_choice::only_embedded;

/// The body that the client for Python sent.
pub(crate) const PYTHON: &[u8] =
    include_bytes!("../../../headcount-wire/tests/clients/posthog-python-7.91.1.json");

/// The same, in the newer form.
pub(crate) const PYTHON_NEWER: &[u8] =
    include_bytes!("../../../headcount-wire/tests/clients/posthog-python-7.91.1-v1.json");

/// The body that the client for Node sent, with the names of Archon's event and
/// properties.
pub(crate) const NODE: &str = r#"{"api_key":"archon","batch":[{"event":"binary.startup","properties":{"archon_version":"1.2.3","archon_git_commit":"abc","archon_is_binary":true,"platform":"linux","arch":"x64","$lib":"posthog-node","$lib_version":"5.70.0","$is_server":true,"$geoip_disable":true},"timestamp":"2026-11-20T09:29:54.843Z","uuid":"01a1fb82-7b1b-7333-8a97-c6ca4609a50f","distinct_id":"d1"}],"sent_at":"2026-11-20T09:29:54.853Z"}"#;

/// A valid event of Archon.
pub(crate) fn event(number: u64) -> Json {
    json!({
        "event": "binary.startup", "uuid": id(number).to_string(), "distinct_id": "d1",
        "timestamp": format!("{TODAY}T10:00:00.123Z"),
        "properties": {
            "archon_version": "1.2.3", "archon_git_commit": "abc", "archon_is_binary": true,
            "platform": "linux", "arch": "x64",
        },
    })
}

pub(crate) fn batch(events: &[Json]) -> String {
    json!({ "api_key": "archon", "historical_migration": false, "batch": events }).to_string()
}

#[track_caller]
fn taken(fixture: &Fixture, request: Request) {
    let answer = request.send(fixture.address());
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"status\":\"Ok\"}"), "{answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[track_caller]
fn told(answer: &Answer, status: u16, tag: &str, sentence: &str) {
    assert_eq!((answer.status, &answer.json()["error"]), (status, &json!(tag)), "{answer:?}");
    let description = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(description.contains(sentence), "{answer:?}");
}

#[test]
fn every_path_takes_a_batch_and_a_single_event() {
    let fixture = Fixture::new();
    let paths = ["/batch", "/capture", "/i/v0/e", "/e", "/track"];
    for (place, path) in (0..).zip(paths) {
        let mut single = event(2 * place);
        single["api_key"] = json!("archon");
        taken(&fixture, post(path, single.to_string()));
        taken(&fixture, post(&format!("{path}/"), batch(&[event(2 * place + 1)])));
        // Some clients send no content type, and some send another one.
        let again = post(&format!("{path}/?ip=0&_=1&ver=1.2.3"), batch(&[event(2 * place)]));
        taken(&fixture, again.header("content-type", "application/x-www-form-urlencoded"));
    }
    fixture.assert_taken("archon", 10, 5);
}

#[test]
fn what_its_clients_sent_is_stored_once() {
    let fixture = Fixture::new();
    let python = String::from_utf8(PYTHON.to_vec()).unwrap().replace("phc_test", "archon");
    for _ in 0..2 {
        taken(&fixture, post("/batch/", python.clone()));
        let node = post("/batch/", gzip(NODE.as_bytes()));
        taken(&fixture, node.header("content-encoding", "gzip").chunked());
    }
    fixture.assert_taken("archon", 2, 2);
    // An email address as the device.
    assert_eq!(fixture.counter("archon", "rejected", "missing-property"), 2);
    assert_eq!(fixture.arrivals(), 6);
    // Python's body has five fields about the machine and one about the client,
    // Node's has one about the client. Those of duplicates are not counted
    // again.
    let why = "the fields of a copy are counted again, since it is known as one only later";
    if only_embedded(why) {
        assert_eq!(fixture.dropped_fields("archon", "unknown-property"), 7);
    }
}

#[test]
fn every_encoding_its_clients_have_had() {
    let fixture = Fixture::new();
    let text = |number| batch(&[event(number)]);
    let form = |data: &str| {
        let data = data.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
        format!("data={data}&compression=base64")
    };
    taken(&fixture, post("/e/?compression=gzip-js", gzip(text(1).as_bytes())));
    taken(&fixture, post("/batch/?compression=gzip", gzip(text(2).as_bytes())));
    taken(&fixture, post("/batch/", gzip(text(3).as_bytes())).header("content-type", "text/plain"));
    taken(&fixture, post("/e/?compression=base64", form(&base64::encode(text(4).as_bytes()))));
    taken(&fixture, post("/e/", format!("data={}", text(5).replace('"', "%22"))));
    // An array of events with a key in each, the oldest form.
    let with_token = |number| {
        let mut event = event(number);
        event["properties"]["token"] = json!("archon");
        event
    };
    taken(&fixture, post("/track/", json!([with_token(6), with_token(7)]).to_string()));
    assert_eq!(fixture.counter("archon", "stored", ""), 7);
}

#[test]
fn the_newer_form_hears_of_each_event() {
    let fixture = Fixture::new();
    let newer = |events: Json| {
        post("/i/v1/analytics/events", json!({ "batch": events }).to_string())
            .key("archon")
            .header("PostHog-Sdk-Info", "posthog-node/5.70.0")
            .header("PostHog-Attempt", "1")
    };
    let (mut unknown, mut nameless) = (event(2), event(3));
    unknown["event"] = json!("$identify");
    nameless.as_object_mut().unwrap().remove("uuid");
    let events = json!([event(1), unknown, nameless, "no event", event(1)]);
    let answer = newer(events).send(fixture.address());
    assert_eq!(
        answer.json(),
        json!({ "results": {
            id(1).to_string(): { "result": "ok" },
            id(2).to_string(): { "result": "drop", "details": "unknown-event" },
        }}),
        "{answer:?}"
    );
    fixture.assert_taken("archon", 2, 1);
    assert_eq!(fixture.counter("archon", "rejected", "malformed"), 1);

    let path = "/i/v1/analytics/events/";
    let python = post(path, gzip(PYTHON_NEWER)).header("content-encoding", "gzip").key("archon");
    let answer = python.send(fixture.address());
    let ids = &answer.json()["results"];
    assert_eq!(ids["b99be648-417d-466f-b12a-73c7b429674a"]["result"], "ok", "{answer:?}");

    told(&post(path, "{}").send(fixture.address()), 401, "unauthorized", "missing write key");
    let unknown = post(path, PYTHON_NEWER).key("nobody").send(fixture.address());
    told(&unknown, 401, "unauthorized", "unknown write key");
    let broken = post(path, "{\"batch\":[}").key("archon").send(fixture.address());
    told(&broken, 400, "bad_request", "not valid JSON at line 1, column 11");
}

/// PostHog's receiver gives an event its id and its time where the client does
/// not.
#[test]
fn an_event_without_an_id_is_given_one() {
    let fixture = Fixture::new();
    let mut bare = event(1);
    bare.as_object_mut().unwrap().remove("uuid");
    bare["api_key"] = json!("archon");
    let timed = bare.to_string();
    // The same bytes twice are the same event twice, since they say when it
    // happened.
    taken(&fixture, post("/capture/", timed.clone()));
    taken(&fixture, post("/capture/", timed.clone()));
    fixture.assert_taken("archon", 1, 1);
    taken(&fixture, post("/capture/", timed.replace("10:00:00.123Z", "10:00:00.124Z")));
    // Two alike in one body are two, of which the first has come before.
    taken(&fixture, post("/batch/", batch(&[bare.clone(), bare.clone()])));
    fixture.assert_taken("archon", 3, 2);
    // Of events that say neither, each is one of its own.
    bare.as_object_mut().unwrap().remove("timestamp");
    taken(&fixture, post("/capture/", bare.to_string()));
    taken(&fixture, post("/capture/", bare.to_string()));
    fixture.assert_taken("archon", 5, 2);
    assert_eq!(fixture.arrivals(), 7);
}

#[test]
fn whose_they_are_is_in_the_body() {
    let fixture = Fixture::new();
    let send = |body: String| post("/batch/", body).send(fixture.address());
    told(
        &send(batch(&[event(1)]).replace("\"archon\"", "\"x\"")),
        401,
        "unauthorized",
        "unknown write key",
    );
    told(&send(json!({ "batch": [event(1)] }).to_string()), 401, "unauthorized", "send `api_key`");
    let mut other = event(2);
    other["token"] = json!("nobody");
    let halves = json!({ "batch": [event(1), other] }).to_string();
    told(&send(halves), 401, "unauthorized", "send `api_key`");
    assert_eq!(fixture.arrivals(), 0, "a request is rejected as a whole");
    // Some proxies add their own authorization, which is not a key.
    taken(&fixture, post("/batch/", batch(&[event(1)])).header("authorization", "Basic eDp5"));
}

#[test]
fn what_its_clients_ask_besides() {
    let fixture = Fixture::new();
    for path in ["/flags/?v=2", "/flags?v=4", "/decide/?v=3", "/decide"] {
        let asked = json!({ "token": "archon", "distinct_id": "person@example.org" });
        let answer = post(path, asked.to_string()).send(fixture.address());
        assert_eq!((answer.status, &answer.json()["flags"]), (200, &json!({})), "{answer:?}");
        assert_eq!(answer.json()["errorsWhileComputingFlags"], false);
    }
    for path in ["/e/", "/batch", "/i/v1/analytics/events"] {
        let answer = options(path)
            .header("origin", "https://app.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .send(fixture.address());
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        let origin = answer.header("access-control-allow-origin");
        assert_eq!(origin, Some("https://app.example"));
        assert_eq!(answer.header("access-control-allow-headers"), Some("content-type"));
    }
    assert_eq!(fixture.get("/batch/").status, 405);
    assert_eq!(fixture.arrivals(), 0);
}
