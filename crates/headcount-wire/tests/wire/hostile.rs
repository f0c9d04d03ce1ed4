//! Malicious bodies and invalid ones.

use headcount_catalog::{Raw, Reason};
use headcount_wire::{clacky, datadog, http, limits, native, otlp, posthog, unchecked};

use super::products::catalogs;

/// The errors of the JSON decoders that refuse the body.
fn refused(body: &[u8]) -> Vec<String> {
    let posthog = posthog::decode(body).and_then(|decoded| decoded.captures().map(drop));
    let otlp = otlp::decode(body).and_then(|export| export.records().map(drop));
    [
        native::decode(body).map(drop),
        datadog::decode(body).map(drop),
        posthog,
        otlp,
        clacky::decode(body).map(drop),
        http::decode(body).map(drop),
    ]
    .into_iter()
    .filter_map(|decoded| decoded.err().map(|error| error.to_string()))
    .collect()
}

#[test]
fn every_decoder_refuses_what_is_not_json_and_says_where() {
    for (body, place) in [
        (&b"hello"[..], "line 1, column 1"),
        (b"{\"a\":\n\n oops}", ", column "),
        (b"{\"a\":NaN}", "line 1, column 6"),
        (b"{\"batch\":[{\"a\":1}", "line 1, column 17"),
        (b"{\"a\":\"\xff\"}", "line 1, column 7"),
        (b"\xff\xfe{\0", "line 1, column 1"),
    ] {
        let sentences = refused(body);
        assert_eq!(sentences.len(), 6, "{sentences:?}");
        for sentence in sentences {
            assert!(sentence.contains(place) && sentence.contains("send "), "{sentence}");
        }
    }
}

#[test]
fn nesting_is_bounded() {
    for open in ["[", "{\"a\":", "{\"batch\":[", "{\"resourceLogs\":[{\"scopeLogs\":["] {
        let body = format!("{{\"a\":{}", open.repeat(20_000));
        // As a line it is too long, so only the line is rejected.
        assert!(refused(body.as_bytes()).len() >= 4, "{open}");
    }
    let deep = format!(
        "{{\"batch\":[{{\"event\":\"e\",\"properties\":{{\"a\":{}{}}}}}]}}",
        "[".repeat(60),
        "]".repeat(60)
    );
    let decoded = posthog::decode(deep.as_bytes()).unwrap();
    let unchecked = decoded.captures().unwrap()[0].unchecked(&catalogs()[0]).unwrap();
    assert_eq!(unchecked.fields[0].1, Raw::List(vec![Raw::Other]));
}

#[test]
fn everything_is_limited() {
    let many = |item: &str, times: usize| vec![item; times].join(",");
    let events = many("{}", limits::REQUEST_EVENTS + 1);
    let logs = many("{\"eventName\":\"e\"}", limits::REQUEST_EVENTS + 1);
    for body in [
        format!("[{events}]"),
        format!("{{\"batch\":[{events}]}}"),
        format!("{{\"events\":[{events}]}}"),
        events.replace(',', "\n"),
        format!("{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{logs}]}}]}}]}}"),
        format!("[{}]", many("0", limits::VALUES + 1)),
    ] {
        let too_much = [
            native::decode(body.as_bytes()).map(drop),
            datadog::decode(body.as_bytes()).map(drop),
            posthog::decode(body.as_bytes()).and_then(|decoded| decoded.captures().map(drop)),
            otlp::decode(body.as_bytes()).and_then(|export| export.records().map(drop)),
            http::decode(body.as_bytes()).map(drop),
        ];
        let said = too_much.iter().filter_map(|decoded| decoded.as_ref().err());
        assert!(said.clone().any(headcount_wire::Malformed::is_too_much), "{body:.60}");
        assert!(said.clone().all(|error| !error.to_string().is_empty()));
    }
    let fields =
        (0..=limits::FIELDS).map(|at| format!("\"k{at}\":1")).collect::<Vec<_>>().join(",");
    let object = format!("{{{fields}}}");
    let archon = &catalogs()[2];
    let native = native::decode(format!("[{object}]").as_bytes())
        .map(|arrivals| arrivals[0].as_ref().map_err(|reason| *reason).and_then(unchecked).err());
    assert_eq!(native, Ok(Some(Reason::TooLong)));
    let nested = format!("[{{\"event\":\"e\",\"properties\":{{\"a\":{object}}}}}]");
    let captures = posthog::decode(nested.as_bytes()).unwrap();
    assert_eq!(captures.captures().unwrap()[0].unchecked(archon), Err(Reason::TooLong));
    let clacky = clacky::decode(object.as_bytes()).unwrap();
    assert_eq!(clacky.unchecked(archon, "e"), Err(Reason::TooLong));
    let attributes =
        vec!["{\"key\":\"k\",\"value\":{\"intValue\":1}}"; limits::FIELDS + 1].join(",");
    let export = format!(
        "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"attributes\":[{attributes}]}}]}}]}}]}}"
    );
    let export = otlp::decode(export.as_bytes()).unwrap();
    assert_eq!(export.records().unwrap()[0].unchecked.fields, [("".into(), Raw::Other)]);
}

#[test]
fn of_a_name_that_is_there_twice_the_first_counts_and_the_other_is_dropped() {
    let atomic = &catalogs()[0];
    let line = br#"{"anonymousId":"a","eventId":"01a1f640-bc00-7000-8000-000000000000","eventType":"atomic_command","eventType":"cli_command","timestamp":"2026-11-20T23:41:20Z","command":"init","command":"update","success":true,"platform":"linux","atomicVersion":"1.2.3"}"#;
    let arrivals = native::decode(line).unwrap();
    let checked = atomic.check(&unchecked(arrivals[0].as_ref().unwrap()).unwrap()).unwrap();
    assert_eq!(checked.event.name, "atomic_command");
    assert_eq!(checked.dropped.len(), 2);
}

#[test]
fn numbers_and_dates_beyond_reason_cost_themselves() {
    let assembly = &catalogs()[3];
    for date in [
        "-1",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "1e300",
        "\"1970-01-01T00:00:00Z\"",
        "\"2106-02-07T06:28:16Z\"",
        "\"9999-99-99\"",
        "[]",
    ] {
        let body = format!(
            "{{\"message\":\"command_run\",\"date\":{date},\"event_id\":\"01a1f640-bc00-7000-8000-000000000000\",\"command\":\"x\",\"outcome\":\"success\",\"exit_code\":1e999,\"duration_ms\":1}}"
        );
        let logs = datadog::decode(body.as_bytes()).unwrap();
        let unchecked = logs.logs().next().unwrap().unwrap().unchecked(assembly).unwrap();
        // Whatever the date is, the check rejects the event and does not panic.
        assert!(assembly.check(&unchecked).is_err(), "{date}");
    }
    for time in
        ["18446744073709551615", "\"18446744073709551615\"", "-1", "\"-1\"", "1e30", "null", "{}"]
    {
        let body = format!(
            "{{\"resourceLogs\":[{{\"scopeLogs\":[{{\"logRecords\":[{{\"timeUnixNano\":{time},\"eventName\":\"run\"}}]}}]}}]}}"
        );
        let export = otlp::decode(body.as_bytes()).unwrap();
        let unchecked = &export.records().unwrap()[0].unchecked;
        assert!(catalogs()[0].check(unchecked).is_err());
    }
}

/// Every length in a message claims more bytes than there are.
#[test]
fn protocol_buffers_cut_anywhere_are_refused_or_shorter() {
    let body = include_bytes!("../clients/opentelemetry-python-1.45.2.pb");
    let whole = otlp::decode_protobuf(body).unwrap();
    assert_eq!(whole.records().unwrap().len(), 1);
    for end in 1..body.len() {
        assert!(otlp::decode_protobuf(&body[..end]).is_err(), "cut at {end}");
    }
    for at in 0..body.len() {
        let mut bomb = body.to_vec();
        bomb.splice(at..=at, [0xff, 0xff, 0xff, 0xff, 0x7f]).for_each(drop);
        // Decoded or refused, but nothing is allocated for bytes that are not
        // there.
        let _ = otlp::decode_protobuf(&bomb)
            .map(|export| export.records().map(|records| records.len()));
    }
    assert_eq!(otlp::decode_protobuf(b"").unwrap().records().unwrap().len(), 0);
    let nested = [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01];
    assert!(otlp::decode_protobuf(&nested).is_err());
    assert!(otlp::decode_protobuf(b"{\"resourceLogs\":[]}").is_err());
}

#[test]
fn a_body_without_events_is_refused() {
    for (body, word) in [("{\"batch\":7}", "batch"), ("7", "event"), ("{\"batch\":{}}", "batch")] {
        let sentence = posthog::decode(body.as_bytes())
            .and_then(|decoded| decoded.captures().map(drop))
            .unwrap_err()
            .to_string();
        assert!(sentence.contains(word), "{sentence}");
    }
    for body in ["{}", "[]", "{\"events\":{}}"] {
        assert!(http::decode(body.as_bytes()).is_err(), "{body}");
    }
    assert!(clacky::decode(b"[]").is_err());
    let archon = &catalogs()[2];
    let captures = posthog::decode(b"[1,{},{\"properties\":7},null]").unwrap();
    let reasons: Vec<_> = captures
        .captures()
        .unwrap()
        .iter()
        .map(|capture| {
            capture.unchecked(archon).and_then(|unchecked| archon.check(&unchecked)).unwrap_err()
        })
        .collect();
    assert_eq!(
        reasons,
        [Reason::Malformed, Reason::UnknownEvent, Reason::UnknownEvent, Reason::Malformed]
    );
    let empty = posthog::decode(b"{\"api_key\":\"\",\"token\":\"k\",\"batch\":[]}").unwrap();
    assert_eq!(empty.captures().unwrap().len(), 0);
}

/// The places where clients put the key.
#[test]
fn posthogs_key_is_found_wherever_it_stands() {
    for (body, key) in [
        ("{\"api_key\":\"k\",\"batch\":[{}]}", Some("k")),
        ("{\"token\":\"k\",\"batch\":[{}]}", Some("k")),
        ("{\"batch\":[{\"api_key\":\"k\"}]}", Some("k")),
        ("[{\"properties\":{\"token\":\"k\"}}]", Some("k")),
        ("{\"event\":\"e\",\"api_key\":\"k\"}", Some("k")),
        ("{\"event\":\"e\",\"properties\":{\"token\":\"k\"}}", Some("k")),
        ("{\"api_key\":\"k\",\"batch\":[{\"api_key\":\"other\"}]}", Some("k")),
        ("{\"api_key\":7,\"batch\":[{}]}", None),
        ("{\"api_key\":\"\",\"batch\":[{\"token\":\"k\"}]}", Some("k")),
        ("[{}]", None),
    ] {
        let decoded = posthog::decode(body.as_bytes()).unwrap();
        assert_eq!(decoded.captures().unwrap()[0].key(), key, "{body}");
    }
}
