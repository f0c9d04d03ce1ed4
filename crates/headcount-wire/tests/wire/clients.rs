//! What official clients really sent, captured from the network: every event is
//! decoded, and nothing outside the catalog is left of it.

use headcount_catalog::{Catalog, Reason, Source, Value};
use headcount_wire::{datadog, otlp, posthog, write};

use super::products::catalogs;

const SECRETS: [&str; 8] =
    ["example.org", "secret", "198.51", "Debian", "CPython", "/home", "python", "3.11"];

fn catalog(name: &str) -> Catalog {
    catalogs().into_iter().find(|catalog| catalog.product.name == name).unwrap()
}

fn holds_no_secret(catalog: &Catalog, checked: &headcount_catalog::Checked) {
    let line = write(catalog, checked).unwrap();
    for secret in SECRETS {
        // A key of Archon's own.
        let line = line.replace("python_version", "");
        assert!(!line.contains(secret), "{secret} is in {line}");
    }
}

#[test]
fn posthogs_client_for_python() {
    let archon = catalog("archon");
    let body = include_bytes!("../clients/posthog-python-7.91.1.json");
    let decoded = posthog::decode(body).unwrap();
    let captures = decoded.captures().unwrap();
    assert_eq!(captures.len(), 2);
    assert!(captures.iter().all(|capture| capture.key() == Some("phc_test")));
    // An address is not a device id.
    let with_address = captures[0].unchecked(&archon).unwrap();
    assert_eq!(archon.check(&with_address), Err(Reason::MissingProperty));
    let checked = archon.check(&captures[1].unchecked(&archon).unwrap()).unwrap();
    assert_eq!(checked.event.name, "cli.command_invoked");
    assert_eq!(checked.id.unwrap().to_string(), captures[1].uuid().unwrap());
    assert_eq!(checked.device(&archon), Some("a1b2c3d4-e5f6-4890-abcd-ef1234567890"));
    assert_eq!(checked.time.unwrap().seconds(), 1_795_219_790);
    holds_no_secret(&archon, &checked);
    let foreign =
        checked.dropped.iter().filter(|field| field.reason == Reason::UnknownProperty).count();
    assert_eq!(foreign, 6, "five of the machine's, and one of the client's own");
}

#[test]
fn posthogs_newer_form() {
    let archon = catalog("archon");
    let body = include_bytes!("../clients/posthog-python-7.91.1-v1.json");
    let decoded = posthog::decode(body).unwrap();
    let captures = decoded.captures().unwrap();
    assert_eq!((captures.len(), captures[0].key()), (1, None));
    let checked = archon.check(&captures[0].unchecked(&archon).unwrap()).unwrap();
    assert_eq!(checked.event.name, "binary.startup");
    assert_eq!(captures[0].uuid(), Some("b99be648-417d-466f-b12a-73c7b429674a"));
    holds_no_secret(&archon, &checked);
}

#[test]
fn datadogs_client_for_python_knows_only_text() {
    let assembly = catalog("assembly");
    let body = include_bytes!("../clients/datadog-api-client-2.62.0.json");
    let decoded = datadog::decode(body).unwrap();
    let log = decoded.logs().next().unwrap().unwrap();
    assert_eq!(log.service(), Some("assembly"));
    let mut unchecked = log.unchecked(&assembly).unwrap();
    // The client knows nothing about the machine; the program adds it.
    unchecked.given.version = Some("1.2.3");
    unchecked.given.platform = Some(headcount_catalog::Platform::Linux);
    unchecked.given.ci = Some(false);
    unchecked.given.device = Some("d");
    let checked = assembly.check(&unchecked).unwrap();
    let exit_code = checked.event.property("exit_code").unwrap().0;
    assert_eq!(checked.properties[exit_code], Some(Value::Number(0)));
    assert_eq!((checked.id, checked.time), (None, None));
    assert_eq!(checked.dropped.len(), 1, "the host's name");
}

/// As Datadog's library for browsers writes it (wire formats, B3).
#[test]
fn datadogs_library_for_browsers() {
    let assembly = catalog("assembly");
    let body = br#"{"view":{"referrer":"","url":"https://secret.example/x"},"service":"assembly","version":"1.2.3","session_id":"secret","session":{"id":"secret"},"usr":{"anonymous_id":"a1b2","email":"me@example.org"},"tab":{"id":"x"},"date":1795187679068,"message":"command_run","status":"info","origin":"logger","_dd":{},"event_id":"01a1f640-bc00-7000-8000-000000000000","command":"assembly init","outcome":"success","exit_code":0,"duration_ms":"12","cli_version":"1.2.3","os":"linux","ci":false,"ddtags":"sdk_version:7.16.2,env:dev"}
{"message":"another","service":"assembly"}"#;
    let decoded = datadog::decode(body).unwrap();
    let logs: Vec<_> = decoded.logs().collect();
    assert_eq!(logs.len(), 2);
    let checked = assembly.check(&logs[0].unwrap().unchecked(&assembly).unwrap()).unwrap();
    assert_eq!(checked.device(&assembly), Some("a1b2"));
    assert_eq!(checked.time.unwrap().milliseconds(), 1_795_187_679_000);
    holds_no_secret(&assembly, &checked);
    let other = logs[1].unwrap().unchecked(&assembly).unwrap();
    assert_eq!(assembly.check(&other), Err(Reason::UnknownEvent));
}

#[test]
fn opentelemetrys_exporter_for_python() {
    let atomic = catalog("atomic");
    let body = include_bytes!("../clients/opentelemetry-python-1.45.2.pb");
    let export = otlp::decode_protobuf(body).unwrap();
    let records = export.records().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].service, Some("atomic"));
    let checked = atomic.check(&records[0].unchecked).unwrap();
    assert_eq!(checked.event.name, "atomic_command");
    assert_eq!(checked.time.unwrap().milliseconds(), 1_795_218_080_000);
    assert!(matches!(
        checked.entry(&atomic, |source| matches!(source, Source::Version)),
        Some(Value::Token(version)) if version.as_str() == "1.2.3"
    ));
    holds_no_secret(&atomic, &checked);
    assert_eq!(checked.dropped.len(), 5, "arguments, a list, two numbers, bytes");
}
