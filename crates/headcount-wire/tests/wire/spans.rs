//! Spans and metrics of OpenTelemetry: the events of spans are read, and
//! everything else is told to be not kept.

use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, each};

use super::mutated::Mutator;
use super::products::catalogs;
use super::readings::compared;

const TRACES: &str = r#"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",
    "value":{"stringValue":"agent"}},{"key":"os.type","value":{"stringValue":"linux"}}]},
    "scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
    "spanId":"eee19b7ec3c1b174","name":"turn","attributes":[{"key":"a","value":{"intValue":1}}],
    "events":[{"timeUnixNano":"1795176000000000000","name":"skill","attributes":[{"key":"name",
    "value":{"stringValue":"x"}},{"key":"list","value":{"arrayValue":{"values":[{"boolValue":true}
    ]}}}]},{"name":"end"},7]},{"name":"empty"}]}]},{"scopeSpans":[{"spans":[{"events":[{}],
    "spanId":"eee19b7ec3c1b174"}]}]}]}"#;

const METRICS: &str = r#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name",
    "value":{"stringValue":"agent"}}]},"scopeMetrics":[{"metrics":[{"name":"a","sum":{"dataPoints":[
    {"asInt":"1"},{}]}},{"histogram":{"dataPoints":[{}]}},{"exponentialHistogram":{"dataPoints":[0]}},
    {"gauge":{}},{"summary":{"dataPoints":[{}],"more":1}},{"unknown":{"dataPoints":[{}]}},null]}]}]}"#;

/// The message in a field of a message.
fn message(field: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short message");
    let mut out = vec![field << 3 | 2];
    // Two bytes hold the length of every message here.
    out.extend([length & 0x7f | 0x80, length >> 7]);
    out.extend_from_slice(content);
    out
}

fn pair(key: &str, text: &str) -> Vec<u8> {
    let value = message(2, &message(1, text.as_bytes()));
    [message(1, key.as_bytes()), value].concat()
}

/// The same in protocol buffers, with a span and with a metric.
fn messages() -> [Vec<u8>; 2] {
    let resource = message(1, &message(1, &pair("service.name", "agent")));
    let time = [&[1 << 3 | 1][..], &1_795_176_000_000_000_000_u64.to_le_bytes()].concat();
    let event = [time, message(2, b"skill"), message(3, &pair("name", "x"))].concat();
    let span = [message(2, &[1; 8]), message(5, b"turn"), message(11, &event), message(11, b"")];
    let metric = [message(1, b"a"), message(7, &[message(1, b""), message(1, b"")].concat())];
    [span.concat(), metric.concat()]
        .map(|item| message(1, &[resource.clone(), message(2, &message(2, &item))].concat()))
}

/// The name of each event and its span, and `not-kept` for the rest.
fn read(form: BodyForm, body: &[u8]) -> Vec<String> {
    let (scratch, mut seen) = (Scratch::new(), Vec::new());
    let read = each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
        seen.push(match arrived {
            BodyEvent::Event(event) => {
                let name = event.given.event.unwrap_or("?");
                format!("{name} of {:x} with {}", event.span, event.fields.len())
            }
            BodyEvent::Rejected(reason, event) => {
                format!("{reason} of {}", event.service.unwrap_or("nobody"))
            }
        });
    });
    assert_eq!(read, Ok(()));
    seen
}

#[test]
fn events_of_spans_come_before_their_span() {
    let span = "eee19b7ec3c1b174";
    let expected = [
        format!("skill of {span} with 2"),
        format!("end of {span} with 0"),
        format!("? of {span} with 0"),
        "not-kept of agent".to_owned(),
        "not-kept of agent".to_owned(),
        // The id of a span that comes after its events is not read.
        "? of 0 with 0".to_owned(),
        "not-kept of nobody".to_owned(),
    ];
    assert_eq!(read(BodyForm::OtlpTraces, TRACES.as_bytes()), expected);
    let span = "101010101010101";
    let expected = [
        format!("skill of {span} with 1"),
        format!("? of {span} with 0"),
        "not-kept of agent".to_owned(),
    ];
    assert_eq!(read(BodyForm::OtlpTracesProtobuf, &messages()[0]), expected);
}

#[test]
fn data_points_are_counted() {
    assert_eq!(read(BodyForm::OtlpMetrics, METRICS.as_bytes()), ["not-kept of agent"; 5]);
    assert_eq!(read(BodyForm::OtlpMetricsProtobuf, &messages()[1]), ["not-kept of agent"; 2]);
}

#[test]
fn spans_and_metrics_are_read_alike_whatever_becomes_of_them() {
    let catalog = catalogs()[0];
    let [span, metric] = messages();
    let bodies = [
        (BodyForm::OtlpTraces, TRACES.as_bytes().to_vec()),
        (BodyForm::OtlpMetrics, METRICS.as_bytes().to_vec()),
        (BodyForm::OtlpTracesProtobuf, span),
        (BodyForm::OtlpMetricsProtobuf, metric),
    ];
    let mut mutator = Mutator::new(0x5ba5_0fa1);
    let mut counts = [0, 0];
    for (form, body) in &bodies {
        assert!(compared(*form, &catalog, body).is_some_and(|items| items > 0), "{form:?}");
        for end in 0..body.len() {
            compared(*form, &catalog, &body[..end]);
        }
        for _ in 0..1_500 {
            let read = compared(*form, &catalog, &mutator.mutated(body));
            counts[usize::from(read.is_some_and(|items| items > 0))] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count > 300), "{counts:?}");
}

/// What real agents send, recorded for the collector's tests, is read alike by
/// the two decoders with the catalogs that are kept for these agents.
#[test]
fn what_agents_send_is_read_alike() {
    macro_rules! recorded {
        ($agent:literal) => {
            include_bytes!(concat!("../../../headcount-collector/tests/collector/agents/", $agent))
        };
    }
    let bodies: [(BodyForm, &[u8]); 6] = [
        (BodyForm::Otlp, recorded!("claude-code.logs.json")),
        (BodyForm::Otlp, recorded!("codex.logs.json")),
        (BodyForm::OtlpTraces, recorded!("codex.traces.json")),
        (BodyForm::OtlpTraces, recorded!("copilot.traces.json")),
        (BodyForm::OtlpMetrics, recorded!("claude-code.metrics.json")),
        (BodyForm::OtlpMetrics, recorded!("copilot.metrics.json")),
    ];
    let text = include_str!("../../../headcount-cli/catalogs/agents/copilot.toml");
    let agents = headcount_catalog::parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for catalog in catalogs().iter().chain([&agents]) {
        for (form, body) in &bodies {
            assert!(compared(*form, catalog, body).is_some_and(|items| items > 0), "{form:?}");
        }
    }
}
