//! `POST /api/v1/events`.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::client::post;
use crate::fixture::{Fixture, TODAY, line, line_of};
use crate::store_choice::is_embedded;

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn each_event_has_its_answer_and_the_sums_agree() {
    let fixture = Fixture::new();
    let lines = [
        line(1),
        line(2),
        line(1),
        line(3).replace("atomic_command", "invented"),
        "not json".to_owned(),
        line(4).replace("\"success\":true,", ""),
        line(5).replace("\"update\"", "\"/home/me/secret\""),
        line(6).replace("eventId", "eventIdea"),
        line_of(7, "2026-08-21", "update"),
        line_of(8, "2026-11-22", "update"),
    ];
    let answer = fixture.send(&lines);
    assert_eq!(answer.status, 200, "{answer:?}");
    // ClickHouse knows a copy when it counts it.
    let (sums, copy) = match is_embedded() {
        true => ("\"accepted\":2,\"duplicate\":1", "{\"index\":2,\"outcome\":\"duplicate\"},"),
        false => ("\"accepted\":3,\"duplicate\":0", ""),
    };
    assert_eq!(
        answer.body,
        format!("{{{sums},\"rejected\":7,\"events\":[{copy}")
            + "\
         {\"index\":3,\"outcome\":\"rejected\",\"reason\":\"unknown-event\"},\
         {\"index\":4,\"outcome\":\"rejected\",\"reason\":\"malformed\"},\
         {\"index\":5,\"outcome\":\"rejected\",\"reason\":\"missing-property\",\
         \"path\":\"atomic_command.success\",\"kind\":\"flag\",\"catalog\":1},\
         {\"index\":6,\"outcome\":\"rejected\",\"reason\":\"outside-set\",\
         \"path\":\"atomic_command.command\",\"kind\":\"choice\",\"catalog\":1},\
         {\"index\":7,\"outcome\":\"rejected\",\"reason\":\"missing-id\",\"path\":\"atomic_command\",\"catalog\":1},\
         {\"index\":8,\"outcome\":\"rejected\",\"reason\":\"too-old\",\"path\":\"atomic_command\",\"catalog\":1},\
         {\"index\":9,\"outcome\":\"rejected\",\"reason\":\"in-the-future\",\"path\":\"atomic_command\",\"catalog\":1}]}"
    );
    fixture.assert_taken("atomic", 2, 1);
    assert_eq!(fixture.counter("atomic", "rejected", "outside-set"), 1);
    assert_eq!(fixture.arrivals(), 10);
}

#[test]
fn the_oldest_and_the_newest_day_are_accepted() {
    let fixture = Fixture::new();
    let lines = [line_of(1, "2026-08-22", "update"), line_of(2, "2026-11-21", "update")];
    assert_eq!(fixture.send(&lines).json()["accepted"], 2);
}

#[test]
fn an_array_a_gzip_and_pieces_are_read_alike() {
    let fixture = Fixture::new();
    let send = |request: crate::client::Request| {
        let answer = request.key("atomic").send(fixture.address());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["accepted"].as_u64().unwrap()
    };
    let array = format!("[{},\n{}]", line(1), line(2));
    assert_eq!(send(post("/api/v1/events", array)), 2);
    let zipped = gzip(format!("{}\n{}\n", line(3), line(4)).as_bytes());
    assert_eq!(send(post("/api/v1/events", zipped.clone()).header("content-encoding", "gzip")), 2);
    let mut twice = gzip(format!("{}\n", line(5)).as_bytes());
    twice.extend(gzip(line(6).as_bytes()));
    assert_eq!(send(post("/api/v1/events", twice).header("content-encoding", "GZIP")), 2);
    let lines: Vec<String> = (10..20).map(line).collect();
    assert_eq!(send(post("/api/v1/events/", lines.join("\n")).chunked()), 10);
    let plain = post("/api/v1/events", line(7)).header("content-encoding", "identity");
    assert_eq!(send(plain), 1);
    assert_eq!(send(post("/api/v1/events", "")), 0);
    assert_eq!(send(post("/api/v1/events", "[]")), 0);
    assert_eq!(fixture.arrivals(), 17);
}

#[test]
fn an_unreadable_body_is_told() {
    let fixture = Fixture::new();
    let zipped = gzip(line(1).as_bytes());
    for (body, encoding, status, told) in [
        (b"not json".to_vec(), "identity", 400, "not valid JSON at line 1, column"),
        (b"[{\"a\":1},".to_vec(), "identity", 400, "not valid JSON at line 1, column"),
        (line(1).into_bytes(), "gzip", 400, "not valid gzip"),
        (zipped[..zipped.len() - 9].to_vec(), "gzip", 400, "not valid gzip"),
        (line(1).into_bytes(), "br", 415, "Content-Encoding: gzip"),
    ] {
        let request = post("/api/v1/events", body).header("content-encoding", encoding);
        let answer = request.key("atomic").send(fixture.address());
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.error().contains(told), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    assert_eq!(fixture.arrivals(), 0);
}

#[test]
fn a_product_is_found_by_its_key() {
    let fixture = Fixture::new();
    let send = |authorization: Option<&str>, line: String| {
        let request = post("/api/v1/events", line);
        match authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        }
        .send(fixture.address())
    };
    assert_eq!(send(Some("bearer atomic"), line(1)).status, 200);
    // The public key in the catalog of the AssemblyAI CLI.
    let of_assembly = format!(
        "{{\"event_id\":\"{}\",\"event\":\"command_run\",\"timestamp\":\"{TODAY}T10:00:00Z\",\
         \"command\":\"assembly dev\",\"outcome\":\"success\",\"exit_code\":0,\"duration_ms\":5,\
         \"cli_version\":\"1.0.0\",\"os\":\"linux\",\"ci\":false,\"device_id\":\"d\"}}",
        crate::fixture::id(2)
    );
    let answer = send(Some("Bearer pub00000000000000000000000000000000"), of_assembly);
    assert_eq!(answer.json()["accepted"], 1, "{answer:?}");
    for (authorization, told) in [
        (None, "missing write key"),
        (Some("Bearer nobody"), "unknown write key"),
        (Some("Bearer"), "unknown write key"),
        (Some("Basic atomic"), "unknown write key"),
    ] {
        let answer = send(authorization, line(3));
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.error().contains(told), "{answer:?}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    assert_eq!(fixture.arrivals(), 2);
}
