//! The collector answers what official clients need, and the shipper takes
//! nothing but a real answer for one.

use headcount_catalog::Reason;
use headcount_wire::{Outcome, Settled, clacky, datadog, http, native, otlp, posthog};

const MIXED: [Outcome; 4] = [
    Outcome::Stored,
    Outcome::Duplicate,
    Outcome::Rejected(Reason::UnknownEvent),
    Outcome::Rejected(Reason::TooOld),
];

fn settled(rejected: u64) -> Option<Settled> {
    Some(Settled { rejected, again: Vec::new() })
}

#[test]
fn opentelemetrys_is_silent_about_success() {
    assert_eq!(otlp::encode_answer(otlp::Signal::Logs, &MIXED[..2]), "{}");
    assert_eq!(otlp::encode_answer_protobuf(otlp::Signal::Logs, &MIXED[..2]), b"");
    let partial = otlp::encode_answer(otlp::Signal::Logs, &MIXED);
    assert_eq!(
        partial,
        "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"2 log records were rejected: too-old, unknown-event\"}}"
    );
    assert_eq!(otlp::settled(200, partial.as_bytes(), 4), settled(2));
    let bytes = otlp::encode_answer_protobuf(otlp::Signal::Logs, &MIXED);
    assert_eq!(otlp::settled_protobuf(None, &bytes, 4), settled(2));
    // As its Collector and rotel say it.
    for whole in ["{}", "{\"partialSuccess\":{}}", "{\"partialSuccess\":null}"] {
        assert_eq!(otlp::settled(200, whole.as_bytes(), 4), settled(0), "{whole}");
    }
    for kind in [None, Some("application/x-protobuf"), Some("Application/X-Protobuf; a=b")] {
        assert_eq!(otlp::settled_protobuf(kind, b"", 4), settled(0), "{kind:?}");
    }
    assert_eq!(otlp::encode_error(3, "no \"key\""), "{\"code\":3,\"message\":\"no \\\"key\\\"\"}");
    assert_eq!(otlp::encode_error_protobuf(3, "no"), b"\x08\x03\x12\x02no");
}

#[test]
fn posthogs_newer_form_tells_of_each_event() {
    let ids = [Some("a"), Some("b"), None, Some("c\"")];
    assert_eq!(
        posthog::encode_results(ids.into_iter().zip(MIXED)),
        "{\"results\":{\"a\":{\"result\":\"ok\"},\"b\":{\"result\":\"ok\"},\"c\\\"\":{\"result\":\"drop\",\"details\":\"too-old\"}}}"
    );
    let twice = [(Some("a"), Outcome::Refused), (Some("a"), Outcome::Stored)];
    let retry = "{\"results\":{\"a\":{\"result\":\"retry\"}}}";
    assert_eq!(posthog::encode_results(twice), retry);
    assert_eq!(posthog::encode_results(twice.into_iter().rev()), retry);
    assert_eq!(posthog::encode_results([]), "{\"results\":{}}");
    assert_eq!(
        posthog::encode_error("unknown_key", "unknown key"),
        "{\"error\":\"unknown_key\",\"error_description\":\"unknown key\"}"
    );
}

#[test]
fn every_dialects_own_success_settles() {
    for body in
        [posthog::encode_answer(), "{\"status\":1}", "{\"status\":\"Ok\",\"quota_limited\":[]}"]
    {
        assert_eq!(posthog::settled(body.as_bytes(), 3), settled(0), "{body}");
    }
    let over_quota = b"{\"status\":\"Ok\",\"quota_limited\":[\"events\"]}";
    assert_eq!(posthog::settled(over_quota, 3), settled(3));
    for body in [datadog::encode_answer(), "{\"request_id\":\"x\"}", "", "\n"] {
        assert_eq!(datadog::settled(202, body.as_bytes()), settled(0), "{body}");
        assert_eq!(datadog::settled(200, body.as_bytes()), None, "{body}");
    }
    assert_eq!(
        datadog::encode_error(403, "Forbidden", "unknown key"),
        "{\"errors\":[{\"status\":\"403\",\"title\":\"Forbidden\",\"detail\":\"unknown key\"}]}"
    );
    for body in [clacky::encode_answer(), "", "{\"ok\":true}"] {
        assert_eq!(clacky::settled(body.as_bytes()), settled(0), "{body}");
    }
    for body in [http::encode_answer(), "", "null", "[1]", "\"ok\""] {
        assert_eq!(http::settled(body.as_bytes()), settled(0), "{body}");
    }
    let error = "{\"error\":\"too-old\"}";
    assert_eq!(
        (clacky::encode_error("too-old"), http::encode_error("too-old")),
        (error.into(), error.into())
    );
}

/// A hotel's sign-in page, the error of a proxy, another service.
#[test]
fn a_stray_page_settles_nothing() {
    let pages = [
        "<!DOCTYPE html><html><body>Sign in to the network</body></html>",
        "<html></html>",
        "OK",
        "\u{feff}{}",
        "{\"status\":\"up\"",
        "\0",
        "{}{}",
    ];
    for page in pages {
        let bytes = page.as_bytes();
        assert_eq!(native::settled(bytes, 1), None, "{page}");
        assert_eq!(otlp::settled(200, bytes, 1), None, "{page}");
        assert_eq!(otlp::settled_protobuf(None, bytes, 1), None, "{page}");
        assert_eq!(posthog::settled(bytes, 1), None, "{page}");
        assert_eq!(datadog::settled(202, bytes), None, "{page}");
        assert_eq!(clacky::settled(bytes), None, "{page}");
        assert_eq!(http::settled(bytes), None, "{page}");
    }
    // JSON, but of another service.
    for other in ["{\"status\":\"up\"}", "{\"message\":\"hello\"}", "[]", "1"] {
        assert_eq!(native::settled(other.as_bytes(), 1), None, "{other}");
        assert_eq!(otlp::settled(200, other.as_bytes(), 1), None, "{other}");
        assert_eq!(posthog::settled(other.as_bytes(), 1), None, "{other}");
    }
    assert_eq!(posthog::settled(b"", 1), None);
    assert_eq!(otlp::settled(200, b"", 1), None);
    assert_eq!(otlp::settled(204, b"", 3), settled(0));
    assert_eq!(otlp::settled(204, b"<html>", 3), None);
    // The whole answer in protocol buffers can be empty, so its content type
    // must not be that of a page.
    assert_eq!(otlp::settled_protobuf(Some("text/html"), b"", 1), None);
    assert_eq!(otlp::settled_protobuf(Some("application/json"), b"{}", 1), None);
    assert_eq!(otlp::settled_protobuf(None, b"\x0a\x02\x08", 1), None);
    assert_eq!(otlp::settled_protobuf(None, b"\x12\x00", 1), None);
}

/// An answer that contradicts itself is not one.
#[test]
fn an_answer_that_contradicts_itself_settles_nothing() {
    let native = |body: &str| native::settled(body.as_bytes(), 2);
    let refused = "{\"index\":1,\"outcome\":\"refused\"}";
    let whole = "{\"accepted\":1,\"duplicate\":0,\"rejected\":0,\"refused\":1,\"events\":";
    let again = Some(Settled { rejected: 0, again: vec![1] });
    assert_eq!(native(&format!("{whole}[{refused}]}}")), again);
    for body in [
        format!("{whole}[]}}"),
        format!("{whole}[{{\"index\":1,\"outcome\":\"duplicate\"}}]}}"),
        "{\"accepted\":0,\"duplicate\":0,\"rejected\":0,\"refused\":2,\"events\":[]}".to_owned(),
        format!("{{\"accepted\":0,\"refused\":2,\"events\":[{refused},{refused}]}}"),
        format!("{{\"accepted\":2,\"duplicate\":0,\"rejected\":0,\"events\":[{refused}]}}"),
        "{\"accepted\":0,\"duplicate\":0,\"rejected\":2,\"events\":[]}".to_owned(),
    ] {
        assert_eq!(native(&body), None, "{body}");
    }

    let partial = otlp::encode_answer(otlp::Signal::Logs, &MIXED);
    let bytes = otlp::encode_answer_protobuf(otlp::Signal::Logs, &MIXED);
    assert_eq!(otlp::settled(200, partial.as_bytes(), 2), settled(2));
    assert_eq!(otlp::settled(200, partial.as_bytes(), 1), None);
    assert_eq!(otlp::settled_protobuf(None, &bytes, 2), settled(2));
    assert_eq!(otlp::settled_protobuf(None, &bytes, 1), None);
}

#[test]
fn what_is_not_kept_was_accepted() {
    use otlp::Signal::{Logs, Metrics, Traces};
    let not_kept = Outcome::Rejected(headcount_catalog::Reason::NotKept);
    for signal in otlp::Signal::ALL {
        assert_eq!(otlp::encode_answer(signal, &[not_kept; 3]), "{}");
        assert_eq!(otlp::encode_answer_protobuf(signal, &[not_kept; 3]), b"");
    }
    let outcomes = [not_kept, Outcome::Rejected(headcount_catalog::Reason::TooOld)];
    for (signal, expected) in [
        (Logs, r#""rejectedLogRecords":"1","errorMessage":"1 log records were rejected: too-old""#),
        (
            Traces,
            r#""rejectedSpans":"0","errorMessage":"1 events of spans were rejected: too-old""#,
        ),
        (
            Metrics,
            r#""rejectedDataPoints":"1","errorMessage":"1 data points were rejected: too-old""#,
        ),
    ] {
        let answer = otlp::encode_answer(signal, &outcomes);
        assert_eq!(answer, format!("{{\"partialSuccess\":{{{expected}}}}}"));
        let bytes = otlp::encode_answer_protobuf(signal, &outcomes);
        // A count of 0 is not written.
        assert_eq!(bytes[2] == 0x08, signal != Traces, "{bytes:?}");
    }
}
