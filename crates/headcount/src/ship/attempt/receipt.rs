//! Makes the receipt of one request.

use headcount_catalog::Time;

use super::next::Next;
use crate::disk::receipts::Receipt;
use crate::ship::transport::{Response, TransportError};

/// A request that was answered or given up.
pub(super) struct Sent<'a> {
    /// When it was answered or given up.
    pub(super) time: Time,
    /// The destination's name in the catalog.
    pub(super) destination: &'a str,
    /// Events in it.
    pub(super) events: u64,
    /// Bytes of its body, before compression.
    pub(super) bytes: u64,
    pub(super) answer: &'a Result<Response, TransportError>,
    /// What the answer means.
    pub(super) next: &'a Next,
}

/// Returns the receipt of a request.
pub(super) fn receipt(sent: &Sent<'_>) -> Receipt {
    let Sent { time, destination, events, bytes, answer, next } = *sent;
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
    }
}

#[cfg(test)]
mod tests {
    use headcount_wire::Settled;

    use super::*;
    use crate::ship::transport::TransportErrorKind;

    fn told(answer: Result<u16, TransportErrorKind>, next: &Next) -> Receipt {
        let answer = answer
            .map(|status| Response { status, ..Response::default() })
            .map_err(|kind| TransportError::new(kind, "no"));
        let time = Time::from_seconds(1_795_218_080);
        receipt(&Sent { time, destination: "otlp", events: 5, bytes: 10, answer: &answer, next })
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
            (Err(TransportErrorKind::TimedOut), Next::Keep(None), (0, 0, "timed-out")),
            (Ok(200), Next::Keep(None), (0, 0, "not-its-answer")),
            (Ok(301), Next::Keep(None), (0, 0, "not-its-answer")),
            (Ok(503), Next::Keep(None), (0, 0, "not-now")),
            (Ok(413), Next::Split, (0, 0, "too-large")),
            (Ok(400), Next::Quarantine, (0, 5, "refused")),
        ] {
            let receipt = told(answer, &next);
            let error = receipt.error.as_deref().unwrap_or_default();
            assert_eq!((receipt.taken, receipt.rejected, error), expected, "{next:?}");
        }
    }
}
