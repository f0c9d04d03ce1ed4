//! The answers of an OTLP receiver: an `Export…ServiceResponse` or a
//! `google.rpc.Status`, in the encoding of the request.

use headcount_catalog::Reason;

use super::Signal;
use super::protobuf::{Fields, Wire, bytes, message, varint};
use crate::json::{Object, Written, parse};
use crate::{Json, Outcome, Settled};

/// Returns the body of a 200. `partialSuccess` is not set if every record was
/// accepted, as the specification requires. What is not kept was accepted.
#[must_use]
pub fn encode_answer(signal: Signal, outcomes: &[Outcome]) -> String {
    let Some(Partial { rejected, sentence }) = Partial::of(signal, outcomes) else {
        return "{}".to_owned();
    };
    let mut partial = Object::after("{\"partialSuccess\":".to_owned());
    // Whole numbers of 64 bits are strings in JSON.
    partial.put(signal.rejected(), &Written::Text(&rejected.to_string()));
    partial.put("errorMessage", &Written::Text(&sentence));
    partial.finish() + "}"
}

/// Returns the body of a 200 in protocol buffers. It is empty if every record
/// was accepted.
#[must_use]
pub fn encode_answer_protobuf(signal: Signal, outcomes: &[Outcome]) -> Vec<u8> {
    let mut out = Vec::new();
    if let Some(Partial { rejected, sentence }) = Partial::of(signal, outcomes) {
        // Export…ServiceResponse.partial_success = 1, in all signals.
        message(&mut out, 1, |out| {
            if rejected > 0 {
                varint(out, 1, rejected);
            }
            bytes(out, 2, sentence.as_bytes());
        });
    }
    out
}

/// What a partial success says.
struct Partial {
    rejected: u64,
    sentence: String,
}

impl Partial {
    /// Returns how many records were rejected, and a sentence that says why;
    /// `None` if none was. A span is never rejected, only an event of one: the
    /// specification lets a receiver tell that with a count of 0.
    fn of(signal: Signal, outcomes: &[Outcome]) -> Option<Self> {
        let reasons = outcomes.iter().filter_map(|outcome| outcome.reason());
        let reasons = reasons.filter(|reason| *reason != Reason::NotKept);
        let mut reasons: Vec<&str> = reasons.map(Reason::name).collect();
        let count = reasons.len();
        reasons.sort_unstable();
        reasons.dedup();
        let (rejected, what) = match signal {
            Signal::Logs => (count as u64, "log records"),
            Signal::Traces => (0, "events of spans"),
            Signal::Metrics => (count as u64, "data points"),
        };
        let sentence = format!("{count} {what} were rejected: {}", reasons.join(", "));
        (count > 0).then_some(Self { rejected, sentence })
    }
}

/// Returns the body of any other answer. `code` is a canonical gRPC code.
#[must_use]
pub fn encode_error(code: u8, sentence: &str) -> String {
    let mut status = Object::new();
    status.put("code", &Written::Whole(i64::from(code)));
    status.put("message", &Written::Text(sentence));
    status.finish()
}

/// Returns the body of any other answer in protocol buffers.
#[must_use]
pub fn encode_error_protobuf(code: u8, sentence: &str) -> Vec<u8> {
    let mut out = Vec::new();
    varint(&mut out, 1, u64::from(code));
    bytes(&mut out, 2, sentence.as_bytes());
    out
}

/// Returns the message of a `google.rpc.Status` in protocol buffers.
pub(crate) fn status_message(body: &[u8]) -> Option<&str> {
    let mut message = None;
    for field in Fields::of(body) {
        if let (2, Wire::Bytes(bytes)) = field.ok()? {
            message = std::str::from_utf8(bytes).ok();
        }
    }
    message
}

/// Reads the body of a success in JSON to `sent` records; `None` if it is not
/// an OTLP answer to them, so that the page of a proxy settles nothing.
///
/// The specification wants a body with 200. Receivers that answer 204, which
/// cannot have one, have taken everything: Grafana Loki is one of them
/// (grafana/loki#15761).
#[must_use]
pub fn settled(status: u16, body: &[u8], sent: usize) -> Option<Settled> {
    if status == 204 && body.is_empty() {
        return settled_with(0, sent);
    }
    let json = parse(std::str::from_utf8(body).ok()?).ok()?;
    let Json::Object(fields) = &json else { return None };
    if fields.iter().any(|(key, _)| key != "partialSuccess") {
        return None;
    }
    let partial = json.get("partialSuccess");
    let rejected = match partial.and_then(|partial| partial.get("rejectedLogRecords")) {
        Some(Json::Text(text)) => text.parse().ok()?,
        Some(number) => u64::try_from(number.whole()?).ok()?,
        None => 0,
    };
    settled_with(rejected, sent)
}

/// Reads the body of a 200 in protocol buffers to `sent` records; `None` if it
/// is not an OTLP answer to them.
///
/// The body is empty if every record was accepted. Only `content_type` then
/// tells it from another server's empty answer, so a content type that is
/// present must be right.
#[must_use]
pub fn settled_protobuf(content_type: Option<&str>, body: &[u8], sent: usize) -> Option<Settled> {
    let kind = content_type.map(|text| text.split(';').next().unwrap_or("").trim());
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case(super::CONTENT_TYPE_PROTOBUF)) {
        return None;
    }
    let mut rejected = 0;
    for field in Fields::of(body) {
        let Ok((1, Wire::Bytes(partial))) = field else { return None };
        for field in Fields::of(partial) {
            match field.ok()? {
                (1, Wire::Varint(number)) => rejected = u64::try_from(number.cast_signed()).ok()?,
                (2, Wire::Bytes(_)) => {}
                _ => return None,
            }
        }
    }
    settled_with(rejected, sent)
}

/// Returns `None` if more records were rejected than sent.
fn settled_with(rejected: u64, sent: usize) -> Option<Settled> {
    (rejected <= sent as u64).then_some(Settled { rejected, again: Vec::new() })
}
