//! OTLP's requests in JSON, written again in protocol buffers: by the numbers
//! of opentelemetry-proto, as far as the recorded requests use them.

use serde_json::Value as Json;

/// How the value of a field is written.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Hex,
    Varint,
    Fixed64,
    Double,
    Message(Message),
}

/// The messages, by what their fields are called in JSON.
#[derive(Clone, Copy)]
enum Message {
    Request,
    OfResource,
    Resource,
    OfScope,
    Scope,
    LogRecord,
    Span,
    Event,
    Metric,
    Data,
    Point,
    KeyValue,
    AnyValue,
    Values,
}

fn field(message: Message, name: &str) -> Option<(u64, Form)> {
    use Form::{Double, Fixed64, Hex, Message as Of, Text, Varint};
    Some(match (message, name) {
        (Message::Request, _) => (1, Of(Message::OfResource)),
        (Message::OfResource, "resource") => (1, Of(Message::Resource)),
        (Message::OfResource, _) => (2, Of(Message::OfScope)),
        (Message::Resource, "attributes") => (1, Of(Message::KeyValue)),
        (Message::OfScope, "scope") => (1, Of(Message::Scope)),
        (Message::OfScope, "logRecords") => (2, Of(Message::LogRecord)),
        (Message::OfScope, "spans") => (2, Of(Message::Span)),
        (Message::OfScope, "metrics") => (2, Of(Message::Metric)),
        (Message::Scope, "name") => (1, Text),
        (Message::LogRecord, "timeUnixNano") => (1, Fixed64),
        (Message::LogRecord, "severityNumber") => (2, Varint),
        (Message::LogRecord, "severityText") => (3, Text),
        (Message::LogRecord, "body") => (5, Of(Message::AnyValue)),
        (Message::LogRecord, "attributes") => (6, Of(Message::KeyValue)),
        (Message::LogRecord, "observedTimeUnixNano") => (11, Fixed64),
        (Message::LogRecord, "eventName") => (12, Text),
        (Message::Span, "traceId") => (1, Hex),
        (Message::Span, "spanId") => (2, Hex),
        (Message::Span, "name") => (5, Text),
        (Message::Span, "kind") => (6, Varint),
        (Message::Span, "startTimeUnixNano") => (7, Fixed64),
        (Message::Span, "endTimeUnixNano") => (8, Fixed64),
        (Message::Span, "attributes") => (9, Of(Message::KeyValue)),
        (Message::Span, "events") => (11, Of(Message::Event)),
        (Message::Event, "timeUnixNano") => (1, Fixed64),
        (Message::Event, "name") => (2, Text),
        (Message::Event, "attributes") => (3, Of(Message::KeyValue)),
        (Message::Metric, "name") => (1, Text),
        (Message::Metric, "description") => (2, Text),
        (Message::Metric, "unit") => (3, Text),
        (Message::Metric, "gauge") => (5, Of(Message::Data)),
        (Message::Metric, "sum") => (7, Of(Message::Data)),
        (Message::Metric, "histogram") => (9, Of(Message::Data)),
        (Message::Metric, "exponentialHistogram") => (10, Of(Message::Data)),
        (Message::Metric, "summary") => (11, Of(Message::Data)),
        (Message::Data, "dataPoints") => (1, Of(Message::Point)),
        (Message::Point, "timeUnixNano") => (3, Fixed64),
        (Message::Point, "asDouble") => (4, Double),
        (Message::Point, "attributes") => (7, Of(Message::KeyValue)),
        (Message::KeyValue, "key") => (1, Text),
        (Message::KeyValue, "value") => (2, Of(Message::AnyValue)),
        (Message::AnyValue, "stringValue") => (1, Text),
        (Message::AnyValue, "boolValue" | "intValue") => {
            (2 + u64::from(name == "intValue"), Varint)
        }
        (Message::AnyValue, "doubleValue") => (4, Double),
        (Message::AnyValue, "arrayValue") => (5, Of(Message::Values)),
        (Message::AnyValue, "kvlistValue") => (6, Of(Message::Values)),
        // A list of values, or of keys and values.
        (Message::Values, "values") => (1, Of(Message::AnyValue)),
        _ => return None,
    })
}

/// Writes a request in protocol buffers.
pub(crate) fn of_json(request: &Json) -> Vec<u8> {
    let mut out = Vec::new();
    write(Message::Request, request, &mut out);
    out
}

fn write(message: Message, json: &Json, out: &mut Vec<u8>) {
    for (name, value) in json.as_object().expect("an object") {
        let Some((number, form)) = field(message, name) else { continue };
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items {
            one(number, form, item, out);
        }
    }
}

fn one(number: u64, form: Form, value: &Json, out: &mut Vec<u8>) {
    match form {
        Form::Text => bytes(number, value.as_str().expect("a text").as_bytes(), out),
        Form::Hex => {
            let text = value.as_str().expect("digits");
            let digits = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
            let read = digits.map(|two| u8::from_str_radix(two, 16).expect("digits"));
            bytes(number, &read.collect::<Vec<_>>(), out);
        }
        Form::Varint => {
            varint(number << 3, out);
            varint(value.as_bool().map_or_else(|| whole(value), u64::from), out);
        }
        Form::Fixed64 => {
            varint(number << 3 | 1, out);
            out.extend(whole(value).to_le_bytes());
        }
        Form::Double => {
            varint(number << 3 | 1, out);
            out.extend(value.as_f64().expect("a number").to_le_bytes());
        }
        // The items of a list of keys and values are `KeyValue`s.
        Form::Message(Message::AnyValue) if value.get("key").is_some() => {
            nested(number, Message::KeyValue, value, out);
        }
        Form::Message(message) => nested(number, message, value, out),
    }
}

fn nested(number: u64, message: Message, value: &Json, out: &mut Vec<u8>) {
    let mut inner = Vec::new();
    write(message, value, &mut inner);
    bytes(number, &inner, out);
}

fn whole(value: &Json) -> u64 {
    let text = value.as_str().map(|text| text.parse().expect("a number"));
    text.or_else(|| value.as_u64()).expect("a whole number")
}

fn bytes(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    varint(number << 3 | 2, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
