//! A record that is encoded in a dialect and decoded again is the same record.

use headcount_catalog::{Catalog, Checked, Dialect, Encoding, Reason, Unchecked, parse};
use headcount_wire::{
    clacky, datadog, http, limits, native, otlp, posthog, read, unchecked, write,
};

use super::products::{DIALECTS, MOMENT, PRODUCTS, catalogs, records, sent};

/// Decodes and checks the events of a body, as a collector does.
pub(crate) fn judged(
    catalog: &Catalog,
    (dialect, encoding): (Dialect, Encoding),
    body: &[u8],
    path_of: &str,
) -> Vec<Result<Checked, Reason>> {
    let check = |unchecked: Result<Unchecked<'_>, Reason>| {
        unchecked.and_then(|unchecked| catalog.check(&unchecked))
    };
    match dialect {
        Dialect::Headcount => {
            let arrivals = native::decode(body).unwrap();
            arrivals
                .iter()
                .map(|arrival| {
                    check(arrival.as_ref().map_err(|reason| *reason).and_then(unchecked))
                })
                .collect()
        }
        Dialect::Otlp => {
            let export = match encoding {
                Encoding::Protobuf => otlp::decode_protobuf(body).unwrap(),
                _ => otlp::decode(body).unwrap(),
            };
            export
                .records()
                .unwrap()
                .into_iter()
                .map(|record| check(Ok(record.unchecked)))
                .collect()
        }
        Dialect::PostHog => {
            let decoded = posthog::decode(body).unwrap();
            let captures = decoded.captures().unwrap();
            captures.iter().map(|capture| check(capture.unchecked(catalog))).collect()
        }
        Dialect::Datadog => {
            let logs = datadog::decode(body).unwrap();
            logs.logs().map(|log| check(log.and_then(|log| log.unchecked(catalog)))).collect()
        }
        Dialect::Clacky => {
            let payload = clacky::decode(body).unwrap();
            vec![check(payload.unchecked(catalog, path_of))]
        }
        Dialect::Http => {
            let events = http::decode(body).unwrap();
            events.events().map(|event| check(event.and_then(unchecked))).collect()
        }
    }
}

#[test]
fn every_record_comes_back_as_it_went() {
    for catalog in catalogs() {
        let whole = records(&catalog);
        let sparse = whole.iter().map(sparse(&catalog));
        let records: Vec<Checked> = whole.iter().cloned().chain(sparse).collect();
        for (dialect, encoding, file) in DIALECTS {
            // Clacky sends one event per request.
            let most = if dialect == Dialect::Clacky { 1 } else { records.len() };
            for records in records.chunks(most) {
                let body = sent(&catalog, records, (dialect, encoding)).body;
                let name = records[0].event.name;
                let arrived = judged(&catalog, (dialect, encoding), &body, name);
                assert_eq!(arrived.len(), records.len(), "{file}");
                for (arrival, sent) in arrived.into_iter().zip(records) {
                    let name = format!("{} in {file}", sent.event.name);
                    let mut arrival = arrival.unwrap_or_else(|reason| panic!("{name}: {reason}"));
                    assert_eq!(arrival.dropped, [], "{name}");
                    if dialect == Dialect::Clacky {
                        assert_eq!(arrival.id.is_some(), sent.event.id.is_some(), "{name}");
                        assert_eq!(arrival.time, None, "{name}");
                        (arrival.id, arrival.time) = (sent.id, sent.time);
                    }
                    assert_eq!(
                        write(&catalog, &arrival).unwrap(),
                        write(&catalog, sent).unwrap(),
                        "{name}"
                    );
                }
            }
        }
    }
}

/// The record without its optional values.
fn sparse(catalog: &Catalog) -> impl Fn(&Checked) -> Checked {
    |record| {
        let mut sparse = record.clone();
        for (entry, value) in catalog.envelope.iter().zip(&mut sparse.envelope) {
            *value = value.take().filter(|_| entry.optional.is_none());
        }
        for (property, value) in record.event.properties.iter().zip(&mut sparse.properties) {
            *value = value.take().filter(|_| property.optional.is_none());
        }
        sparse
    }
}

/// PostHog requires a `distinct_id`. Without a device every event gets its own,
/// so that two events never count as one person.
#[test]
fn an_event_without_a_device_gets_its_own_distinct_id() {
    let (_, text) = PRODUCTS[2];
    let text = text.replace("distinctId = \"device\"\n", "").replace(
        "scheme = \"random\"\nrotate = \"never\"\nfile = \"telemetry-id\"",
        "scheme = \"none\"",
    );
    let archon = parse(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let records = records(&archon);
    let body = sent(&archon, &records[..1], (Dialect::PostHog, Encoding::Json)).body;
    let decoded = posthog::decode(&body).unwrap();
    let captures = decoded.captures().unwrap();
    let unchecked = captures[0].unchecked(&archon).unwrap();
    assert_eq!(unchecked.given.device, captures[0].uuid());
    assert_eq!(archon.check(&unchecked).map(|checked| checked.dropped), Ok(Vec::new()));
    // Where a device is required, an event without one cannot even be written.
    let whole = &catalogs()[2];
    let payload = headcount_wire::Payload {
        catalog: whole,
        records: &records[..1],
        key: None,
        rate: headcount_wire::Rate::WHOLE,
        home: headcount_wire::HomeLifetime::Lasting,
    };
    assert!(posthog::encode(&payload).is_err());
}

/// Every record that was read can be written in every dialect, so that none
/// blocks the queue.
#[test]
fn whatever_is_read_can_be_sent() {
    for catalog in catalogs() {
        for record in records(&catalog) {
            let line = write(&catalog, &record).unwrap();
            // Take every field away in turn.
            let json: serde_json::Value = serde_json::from_str(&line).unwrap();
            for key in json.as_object().unwrap().keys() {
                let mut fewer = json.clone();
                fewer.as_object_mut().unwrap().remove(key);
                let Ok(record) = read(&catalog, &fewer.to_string()) else { continue };
                for (dialect, encoding, _) in DIALECTS {
                    sent(&catalog, std::slice::from_ref(&record), (dialect, encoding));
                }
            }
        }
    }
}

/// A line of the greatest length is sent, even if other escapes make it longer.
#[test]
fn the_longest_line_is_sent() {
    let catalog = catalogs().remove(0);
    let record = records(&catalog).remove(0);
    let line = write(&catalog, &record).unwrap();
    let padded = format!("{}{line}", " ".repeat(limits::LINE_BYTES - line.len()));
    let read = read(&catalog, &padded).unwrap();
    assert!(!sent(&catalog, &[read], (Dialect::Headcount, Encoding::Json)).body.is_empty());
}

/// An encoder cuts every time to the catalog's grain, so that a sample is shown
/// as it would be sent.
#[test]
fn no_dialect_tells_a_time_finer_than_the_catalog() {
    for catalog in catalogs() {
        let records = records(&catalog);
        assert!(records.iter().all(|record| record.time == Some(MOMENT)));
        for (dialect, encoding, file) in DIALECTS {
            let body = sent(&catalog, &records, (dialect, encoding)).body;
            let text = String::from_utf8_lossy(&body);
            assert!(!text.contains("080123") && !text.contains(".123"), "{file}: {text}");
            let nanoseconds = 1_795_218_080_123_000_000u64.to_le_bytes();
            assert!(!body.windows(8).any(|bytes| bytes == nanoseconds), "{file}");
        }
    }
}
