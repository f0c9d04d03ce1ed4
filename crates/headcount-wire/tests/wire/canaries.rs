//! Nothing outside the catalog gets through the decoders and the check, in
//! whatever field of whatever dialect it is planted.

use headcount_catalog::{Catalog, Checked};
use headcount_wire::{clacky, datadog, http, native, otlp, posthog, unchecked, write};
use serde_json::{Value as Json, json};

use super::products::{MOMENT, catalogs, records};

const CANARY: &str = "canary@example.org /home/canary";

/// A made-up device.
const DEVICE: &str = "a1b2c3d4-e5f6-4890-abcd-ef1234567890";

/// Names and values that clients add by themselves.
fn planted() -> Vec<(&'static str, Json)> {
    [
        "$ip",
        "$current_url",
        "$set",
        "$set_once",
        "$host",
        "$groups",
        "view",
        "usr",
        "session",
        "error",
        "tab",
        "hostname",
        "host",
        "host.name",
        "process.command_args",
        "user.id",
        "service.instance.id",
        "properties",
        "context",
        "extra",
        "",
        "canary",
    ]
    .into_iter()
    .flat_map(|name| {
        [
            (name, json!(CANARY)),
            (name, json!([CANARY, { "deep": CANARY }])),
            (name, json!({ "url": CANARY, "deep": { "er": CANARY } })),
        ]
    })
    .collect()
}

/// Checks that what was planted changed nothing.
fn is_clean(catalog: &Catalog, record: &Checked, arrived: &Checked, what: &str) {
    let line = write(catalog, arrived).unwrap();
    assert!(!line.contains("canary"), "{what}: {line}");
    assert_eq!(line, write(catalog, record).unwrap(), "{what}");
}

fn line(catalog: &Catalog, record: &Checked) -> serde_json::Map<String, Json> {
    let text = write(catalog, record).unwrap();
    serde_json::from_str::<Json>(&text).unwrap().as_object().unwrap().clone()
}

#[test]
fn in_lines_and_lists() {
    for catalog in catalogs() {
        for record in records(&catalog) {
            for (name, value) in planted() {
                let mut object = line(&catalog, &record);
                // If the product has an object of this name, plant into it.
                match (object.get_mut(name), value) {
                    (Some(Json::Object(own)), value) => {
                        own.insert("canary".to_owned(), value);
                    }
                    (Some(_), _) => continue,
                    (None, value) => {
                        object.insert(name.to_owned(), value);
                    }
                }
                let body = Json::Object(object).to_string();
                let arrivals = native::decode(body.as_bytes()).unwrap();
                let event = unchecked(arrivals[0].as_ref().unwrap()).unwrap();
                let checked = catalog.check(&event).unwrap();
                assert!(!checked.dropped.is_empty(), "{name} is counted");
                is_clean(&catalog, &record, &checked, name);
                let list = format!("{{\"events\":[{body}]}}");
                let events = http::decode(list.as_bytes()).unwrap();
                let event = events.events().next().unwrap().and_then(unchecked).unwrap();
                is_clean(&catalog, &record, &catalog.check(&event).unwrap(), name);
            }
        }
    }
}

#[test]
fn in_posthogs_properties_and_beside_them() {
    for catalog in catalogs() {
        for record in records(&catalog) {
            let payload = headcount_wire::Payload {
                catalog: &catalog,
                records: std::slice::from_ref(&record),
                key: None,
                rate: headcount_wire::Rate::WHOLE,
                home: headcount_wire::HomeLifetime::Lasting,
            };
            let sent: Json =
                serde_json::from_slice(&posthog::encode(&payload).unwrap().body).unwrap();
            for (name, value) in planted() {
                for within in ["properties", "beside"] {
                    let mut event = sent["batch"][0].clone();
                    let place = if within == "beside" { &mut event } else { &mut event[within] };
                    if within == "beside" && name == "properties" {
                        continue;
                    }
                    place[name] = value.clone();
                    let body = json!({ "batch": [event] }).to_string();
                    let decoded = posthog::decode(body.as_bytes()).unwrap();
                    let unchecked = decoded.captures().unwrap()[0].unchecked(&catalog).unwrap();
                    let checked = catalog.check(&unchecked).unwrap();
                    assert!(!checked.dropped.is_empty(), "{name} {within} is counted");
                    is_clean(&catalog, &record, &checked, name);
                }
            }
        }
    }
}

#[test]
fn in_datadogs_attributes() {
    for catalog in catalogs() {
        for record in records(&catalog) {
            let payload = headcount_wire::Payload {
                catalog: &catalog,
                records: std::slice::from_ref(&record),
                key: None,
                rate: headcount_wire::Rate::WHOLE,
                home: headcount_wire::HomeLifetime::Lasting,
            };
            let sent: Json =
                serde_json::from_slice(&datadog::encode(&payload).unwrap().body).unwrap();
            for (name, value) in planted() {
                let mut log = sent.clone();
                log[name] = value.clone();
                let body = log.to_string();
                let decoded = datadog::decode(body.as_bytes()).unwrap();
                let log = decoded.logs().next().unwrap().unwrap();
                let checked = catalog.check(&log.unchecked(&catalog).unwrap()).unwrap();
                assert!(!checked.dropped.is_empty(), "{name} is counted");
                is_clean(&catalog, &record, &checked, name);
            }
        }
    }
}

#[test]
fn in_opentelemetrys_resource_attributes_and_body() {
    let catalog = catalogs().remove(0);
    let record = records(&catalog).remove(0);
    let payload = headcount_wire::Payload {
        catalog: &catalog,
        records: std::slice::from_ref(&record),
        key: None,
        rate: headcount_wire::Rate::WHOLE,
        home: headcount_wire::HomeLifetime::Lasting,
    };
    let sent = otlp::encode(&payload, headcount_catalog::Encoding::Json).unwrap().body;
    let sent: Json = serde_json::from_slice(&sent).unwrap();
    for (name, _) in planted() {
        for value in [
            json!({ "stringValue": CANARY }),
            json!({ "arrayValue": { "values": [{ "stringValue": CANARY }] } }),
            json!({ "kvlistValue": { "values": [{ "key": "k", "value": { "stringValue": CANARY } }] } }),
        ] {
            let mut export = sent.clone();
            let group = &mut export["resourceLogs"][0];
            let planted = json!({ "key": name, "value": value });
            group["resource"]["attributes"].as_array_mut().unwrap().push(planted.clone());
            group["scopeLogs"][0]["scope"]["name"] = json!(CANARY);
            let log = &mut group["scopeLogs"][0]["logRecords"][0];
            log["body"] = value;
            log["severityText"] = json!(CANARY);
            log["attributes"].as_array_mut().unwrap().push(planted);
            let body = export.to_string();
            let decoded = otlp::decode(body.as_bytes()).unwrap();
            let checked = catalog.check(&decoded.records().unwrap()[0].unchecked).unwrap();
            assert_eq!(checked.dropped.len(), 1, "{name} is counted");
            is_clean(&catalog, &record, &checked, name);
        }
    }
}

#[test]
fn in_a_payload_of_openclackys() {
    let catalog = catalogs().remove(4);
    for record in records(&catalog) {
        let payload = headcount_wire::Payload {
            catalog: &catalog,
            records: std::slice::from_ref(&record),
            key: None,
            rate: headcount_wire::Rate::WHOLE,
            home: headcount_wire::HomeLifetime::Lasting,
        };
        let sent: Json = serde_json::from_slice(&clacky::encode(&payload).unwrap().body).unwrap();
        // The fields that only the collector adds are unknown here, too.
        let own = [("id", json!(DEVICE)), ("event", json!("task")), ("time", json!(CANARY))];
        for (name, value) in planted().into_iter().chain(own) {
            let mut payload = sent.clone();
            payload[name] = value;
            let body = payload.to_string();
            let decoded = clacky::decode(body.as_bytes()).unwrap();
            let mut unchecked = decoded.unchecked(&catalog, record.event.name).unwrap();
            (unchecked.given.id, unchecked.given.time) = (record.id, Some(MOMENT));
            let checked = catalog.check(&unchecked).unwrap();
            assert!(!checked.dropped.is_empty(), "{name} is counted");
            is_clean(&catalog, &record, &checked, name);
        }
    }
}

/// A property cannot replace a field of the dialect with the same name.
#[test]
fn a_property_is_never_taken_for_the_frame() {
    let archon = catalogs().remove(2);
    let body = json!({
        "event": "binary.startup", "distinct_id": DEVICE, "uuid": DEVICE,
        "properties": {
            "event": "cli.command_invoked", "uuid": "b", "timestamp": "1999-01-01T00:00:00Z",
            "distinctId": "somebody", "archon.event": "cli.command_invoked",
            "archon_version": "1.2.3", "archon_git_commit": "abc", "archon_is_binary": true,
            "platform": "linux", "arch": "x64",
        },
    })
    .to_string();
    let decoded = posthog::decode(body.as_bytes()).unwrap();
    let checked =
        archon.check(&decoded.captures().unwrap()[0].unchecked(&archon).unwrap()).unwrap();
    assert_eq!(checked.event.name, "binary.startup");
    assert_eq!(checked.device(&archon), Some(DEVICE));
    assert_eq!((checked.time, checked.dropped.len()), (None, 5));
}
