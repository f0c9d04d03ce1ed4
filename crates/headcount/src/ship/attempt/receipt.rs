//! Makes the receipt of one request.

use headcount_catalog::{Checked, Time};
use headcount_wire::sentence;

use super::next::Next;
use crate::disk::receipts::Receipt;
use crate::limits;
use crate::ship::transport::{Response, TransportError, Via};

/// A request that was answered or given up.
pub(super) struct Sent<'a> {
    /// When it was answered or given up.
    pub(super) time: Time,
    /// The destination's name in the catalog.
    pub(super) destination: &'a str,
    pub(super) records: &'a [Checked],
    /// The device of all of them.
    pub(super) device: Option<&'a str>,
    /// Bytes of its body, before compression.
    pub(super) bytes: u64,
    pub(super) answer: &'a Result<Response, TransportError>,
    /// What the answer means.
    pub(super) next: &'a Next,
    pub(super) via: &'a Via,
}

/// Returns the receipt of a request.
pub(super) fn receipt(sent: &Sent<'_>) -> Receipt {
    let Sent { time, destination, bytes, answer, next, via, .. } = *sent;
    let events = sent.records.len() as u64;
    let rejected = match next {
        Next::Done(settled) => settled.rejected,
        Next::Quarantine => events,
        Next::Split | Next::Keep(_) => 0,
    };
    let taken = match next {
        Next::Done(settled) => {
            events.saturating_sub(rejected).saturating_sub(settled.again.len() as u64)
        }
        _ => 0,
    };
    let error = match (answer, next) {
        (Err(error), _) => Some(error.kind().name()),
        (Ok(_), Next::Done(_)) => None,
        (Ok(_), Next::Split) => Some("too-large"),
        (Ok(_), Next::Quarantine) => Some("refused"),
        (Ok(Response { status: 200..=399, .. }), Next::Keep(_)) => Some("not-its-answer"),
        (Ok(_), Next::Keep(_)) => Some("not-now"),
    };
    Receipt {
        time,
        destination: destination.to_owned(),
        events,
        bytes,
        status: answer.as_ref().ok().map(|response| response.status),
        taken,
        rejected,
        error: error.map(str::to_owned),
        said: said(sent),
        proxy: via.proxy.clone(),
        authorities: via.authorities.clone(),
    }
}

/// The server's own sentence, if it did not take the batch: shortened, and
/// without words that may be an id. A receipt outlives the id.
fn said(sent: &Sent<'_>) -> Option<String> {
    let Ok(response) = sent.answer else { return None };
    if matches!(sent.next, Next::Done(_)) || response.is_success() {
        return None;
    }
    let mut text = sentence(response.content_type.as_deref(), &response.body)?;
    if let Some(device) = sent.device.filter(|device| !device.is_empty()) {
        text = text.replace(device, HIDDEN);
    }
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut short = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        short.push_str(if may_be_id(word) { HIDDEN } else { word });
        let mut after = after.chars();
        short.extend(after.next());
        rest = after.as_str();
    }
    if short.chars().count() > limits::SENTENCE_CHARS {
        short = short.chars().take(limits::SENTENCE_CHARS - 1).chain(['…']).collect();
    }
    Some(short)
}

/// Stands for what may be an id.
const HIDDEN: &str = "(…)";

fn may_be_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_hexdigit).count();
    digits >= limits::ID_DIGITS && digits + word.matches('-').count() == word.len()
}

#[cfg(test)]
mod tests {
    use headcount_catalog::parse;
    use headcount_wire::Settled;

    use super::*;
    use crate::disk::backoff::Pause;
    use crate::ship::transport::TransportErrorKind;

    fn told(answer: Result<u16, TransportErrorKind>, next: &Next) -> Receipt {
        let answer = answer
            .map(|status| Response { status, ..Response::default() })
            .map_err(|kind| TransportError::new(kind, "no"));
        of(&answer, next)
    }

    fn of(answer: &Result<Response, TransportError>, next: &Next) -> Receipt {
        let text = include_str!("../../../../../examples/atomic/telemetry.toml");
        let catalog = parse(text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let time = Time::from_seconds(1_795_218_080);
        let record = catalog.sample(&catalog.events[0], time);
        let records = vec![record; 5];
        let sent = Sent {
            time,
            destination: "otlp",
            records: &records,
            device: Some("my-device"),
            bytes: 10,
            answer,
            next,
            via: &Via::default(),
        };
        receipt(&sent)
    }

    #[test]
    fn a_receipt_tells_what_came_of_every_event() {
        let done = Next::Done(Settled { rejected: 1, again: vec![2] });
        let whole = told(Ok(200), &done);
        assert_eq!(
            whole.json().to_string(),
            "{\"bytes\":10,\"destination\":\"otlp\",\"error\":null,\"events\":5,\"rejected\":1,\"status\":200,\"taken\":3,\"time\":\"2026-11-20T23:41:20Z\"}"
        );
        for (answer, next, expected) in [
            (Err(TransportErrorKind::TimedOut), Next::Keep(Pause::Usual), (0, 0, "timed-out")),
            (Ok(200), Next::Keep(Pause::Usual), (0, 0, "not-its-answer")),
            (Ok(301), Next::Keep(Pause::Usual), (0, 0, "not-its-answer")),
            (Ok(503), Next::Keep(Pause::Usual), (0, 0, "not-now")),
            (Ok(413), Next::Split, (0, 0, "too-large")),
            (Ok(400), Next::Quarantine, (0, 5, "refused")),
        ] {
            let receipt = told(answer, &next);
            let error = receipt.error.as_deref().unwrap_or_default();
            assert_eq!((receipt.taken, receipt.rejected, error), expected, "{next:?}");
        }
    }

    #[test]
    fn a_servers_sentence_is_short_and_names_no_id() {
        let said = |status: u16, body: &str, next: &Next| {
            let body = body.as_bytes().to_vec();
            of(&Ok(Response { status, body, ..Response::default() }), next).said
        };
        let keep = Next::Keep(Pause::NotNow);
        for (body, expected) in [
            ("{\"error\":\"unknown write key\"}", "unknown write key"),
            ("no my-device here", "no (…) here"),
            ("7f3b2a8c-0000-4000-8000-0123456789ab: gone", "(…): gone"),
            ("until 2026-11-20, at phc_abc", "until 2026-11-20, at phc_abc"),
        ] {
            assert_eq!(said(401, body, &keep).as_deref(), Some(expected));
        }
        let long = said(403, &"lorem ipsum ".repeat(50), &keep).expect("a sentence");
        assert_eq!(long.chars().count(), limits::SENTENCE_CHARS);
        assert!(long.ends_with('…'));
        assert_eq!(said(401, "<html>", &keep), None);
        let done = Next::Done(Settled { rejected: 0, again: Vec::new() });
        assert_eq!(said(200, "{\"message\":\"hello\"}", &done), None);
        assert_eq!(said(200, "Sign in", &Next::Keep(Pause::Usual)), None, "a stranger's page");
    }
}
