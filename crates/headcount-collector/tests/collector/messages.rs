//! Canaries in protocol buffers, field by field.

use headcount_testkit::Canary;

use crate::canaries::{NAMES, search};
use crate::client::post;
use crate::fixture::{Fixture, id};
use crate::native::gzip;

/// A protocol buffers message of length-delimited fields.
fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, bytes) in fields {
        out.push(number << 3 | 2);
        let mut length = bytes.len();
        while length >= 0x80 {
            out.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        out.push(length as u8);
        out.extend_from_slice(bytes);
    }
    out
}

fn attribute(key: &str, value: &[u8]) -> Vec<u8> {
    message(&[(1, key.as_bytes()), (2, value)])
}

fn text(text: &str) -> Vec<u8> {
    message(&[(1, text.as_bytes())])
}

#[test]
fn nothing_planted_in_a_message_is_in_any_file() {
    let mut fixture = Fixture::new();
    let canary = Canary::new("protocol buffers");
    let said = text(canary.text());
    let list = message(&[(5, &message(&[(1, &said), (1, &said)]))]);
    let map = message(&[(6, &message(&[(1, &attribute(canary.text(), &said))]))]);
    let bytes = message(&[(7, canary.text().as_bytes())]);
    let mut all: Vec<Vec<u8>> = Vec::new();
    for name in NAMES.into_iter().chain([canary.text()]) {
        for value in [&said, &list, &map, &bytes] {
            all.push(attribute(name, value));
        }
    }
    let foreign: Vec<(u8, &[u8])> = all.iter().map(|field| (1, field.as_slice())).collect();
    let service = attribute("service.name", &text("atomic"));
    let version = attribute("service.version", &text("1.2.3"));
    let system = attribute("os.type", &text("linux"));
    let resource =
        [&[(1, service.as_slice()), (1, &version), (1, &system)], foreign.as_slice()].concat();
    let own = [
        attribute("anonymousId", &said),
        attribute("eventId", &text(&id(1).to_string())),
        attribute("command", &text("update")),
        // bool_value = 2, a varint.
        attribute("success", &[0x10, 1]),
    ];
    let mut log: Vec<(u8, &[u8])> = own.iter().map(|field| (6, field.as_slice())).collect();
    log.extend(all.iter().map(|field| (6, field.as_slice())));
    let name = canary.text().as_bytes();
    // severity_text, body, trace_id, span_id, event_name, and an unknown field.
    log.extend([(3, name), (5, &said), (9, name), (10, name), (12, b"atomic_command"), (15, name)]);
    let scope = message(&[(1, name), (2, name), (3, &all[0])]);
    let logs = message(&[(1, &scope), (2, &message(&log)), (3, name)]);
    let body =
        message(&[(1, &message(&[(1, &message(&resource)), (2, &logs), (3, name)])), (9, name)]);
    let answer = post("/v1/logs", gzip(&body))
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "gzip")
        .header("user-agent", canary.text())
        .send(fixture.address());
    assert_eq!((answer.status, answer.bytes.len()), (200, 0), "{answer:?}");
    assert_eq!(fixture.counter("atomic", "stored", ""), 1);
    assert_eq!(fixture.dropped_fields("atomic", "unknown-property"), 4 * (NAMES.len() as u64 + 1));
    assert_eq!(search(&mut fixture, &[canary]), Vec::<String>::new());
}
