//! What an answer means for a batch: pure.

use std::time::Duration;

use headcount_catalog::{Destination, Dialect, Encoding, Time};
use headcount_wire::{Settled, clacky, datadog, http, native, otlp, posthog};

use crate::limits;
use crate::ship::transport::Response;

/// What to do with a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The destination answered for every event.
    Done(Settled),
    /// The batch is too large: send its halves.
    Split,
    /// Keep it, and try again after this pause, or after the usual one.
    Keep(Option<Duration>),
    /// The destination rejects it for good: put it into quarantine.
    Quarantine,
}

/// Judges an answer to a batch of `sent` events.
///
/// Only the dialect's own success settles a batch; any other 2xx or a 3xx comes
/// from a block page or a foreign listener. OTLP/HTTP forbids retries on a
/// status other than 429, 502, 503 and 504 (opentelemetry-proto,
/// `specification.md`). PostHog's and Datadog's own clients retry on 408, 429
/// and every 5xx.
#[must_use]
pub fn next(destination: &Destination, response: &Response, sent: usize, now: Time) -> Next {
    match response.status {
        200..=299 => settled(destination, response, sent).map_or(Next::Keep(None), Next::Done),
        413 => Next::Split,
        429 | 502 | 503 | 504 => Next::Keep(retry_after(response, now)),
        400..=599 if destination.dialect == Dialect::Otlp => Next::Quarantine,
        408 | 500..=599 => Next::Keep(retry_after(response, now)),
        400..=499 => Next::Quarantine,
        _ => Next::Keep(None),
    }
}

/// What the answer settles; `None` if it is not the dialect's own success.
fn settled(destination: &Destination, response: &Response, sent: usize) -> Option<Settled> {
    let Response { status, content_type, body, .. } = response;
    match (destination.dialect, destination.encoding) {
        (Dialect::Headcount, _) => native::settled(body, sent),
        (Dialect::Otlp, Encoding::Protobuf) => {
            otlp::settled_protobuf(content_type.as_deref(), body, sent)
        }
        (Dialect::Otlp, _) => otlp::settled(body, sent),
        (Dialect::PostHog, _) => posthog::settled(body, sent),
        (Dialect::Datadog, _) => datadog::settled(*status, body),
        (Dialect::Clacky, _) => clacky::settled(body),
        (Dialect::Http, _) => http::settled(body),
    }
}

/// `Retry-After` (RFC 9110, 10.2.3) in seconds or until a date, up to a day.
fn retry_after(response: &Response, now: Time) -> Option<Duration> {
    let wish = response.retry_after.as_deref()?.trim();
    let seconds = match wish.parse() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(date(wish)?.seconds().saturating_sub(now.seconds())).ok()?,
    };
    Some(Duration::from_secs(seconds).min(limits::RETRY_AFTER_LONGEST))
}

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
/// The two older forms are not supported: no server has to write them.
fn date(text: &str) -> Option<Time> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.split_once(", ")?;
    let mut parts = rest.split(' ');
    let [day, month, year, clock, zone] = std::array::from_fn(|_| parts.next().unwrap_or(""));
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let is_whole = zone == "GMT" && parts.next().is_none();
    is_whole.then(|| Time::parse(&format!("{year}-{month:02}-{day}T{clock}Z")))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use headcount_catalog::{Key, Setting};

    fn now() -> Time {
        Time::parse("2026-11-20T10:00:00Z").expect("a time")
    }

    fn answer(status: u16, body: &str) -> Response {
        Response { status, body: body.as_bytes().to_vec(), ..Response::default() }
    }

    fn destination(dialect: Dialect, encoding: Encoding) -> Destination {
        Destination {
            name: "it",
            dialect,
            endpoint: Setting::fixed("https://telemetry.example"),
            key: Key::None,
            encoding,
        }
    }

    fn judge(dialect: Dialect, status: u16, body: &str) -> Next {
        next(&destination(dialect, Encoding::Json), &answer(status, body), 2, now())
    }

    const NATIVE: &str = "{\"accepted\":2,\"duplicate\":0,\"rejected\":0,\"events\":[]}";
    const PAGE: &str = "<html>Sign in to the network</html>";

    #[test]
    fn only_the_dialects_own_success_settles() {
        let done = Next::Done(Settled { rejected: 0, again: Vec::new() });
        for (dialect, status, body) in [
            (Dialect::Headcount, 200, NATIVE),
            (Dialect::Otlp, 200, "{}"),
            (Dialect::PostHog, 200, "{\"status\":\"Ok\"}"),
            (Dialect::PostHog, 200, "{\"status\":1}"),
            (Dialect::Datadog, 202, "{}"),
            (Dialect::Clacky, 204, ""),
            (Dialect::Clacky, 200, "{}"),
            (Dialect::Http, 200, "[]"),
            (Dialect::Http, 201, ""),
        ] {
            assert_eq!(judge(dialect, status, body), done, "{dialect:?} {body}");
            assert_eq!(judge(dialect, status, PAGE), Next::Keep(None), "{dialect:?}");
        }
        for (dialect, body) in [
            (Dialect::Headcount, "{}"),
            (Dialect::Headcount, "{\"accepted\":9,\"duplicate\":0,\"rejected\":0,\"events\":[]}"),
            (Dialect::Otlp, "{\"status\":\"ok\"}"),
            (Dialect::Otlp, ""),
            (Dialect::PostHog, "{}"),
            (Dialect::PostHog, ""),
            (Dialect::Datadog, "{}"),
            (Dialect::Clacky, "[]"),
        ] {
            assert_eq!(judge(dialect, 200, body), Next::Keep(None), "{dialect:?} {body}");
        }
        let protobuf = destination(Dialect::Otlp, Encoding::Protobuf);
        let typed = |content_type: Option<&str>, body: &str| {
            let content_type = content_type.map(str::to_owned);
            next(&protobuf, &Response { content_type, ..answer(200, body) }, 2, now())
        };
        assert_eq!(typed(Some("application/x-protobuf"), ""), done);
        assert_eq!(typed(None, ""), done);
        for (content_type, body) in [(Some("text/html"), ""), (None, PAGE), (None, "{}")] {
            assert_eq!(typed(content_type, body), Next::Keep(None), "{content_type:?} {body}");
        }
    }

    #[test]
    fn every_status_has_its_consequence() {
        let (keep, gone) = (Next::Keep(None), Next::Quarantine);
        for (status, otlp, others) in [
            (301, &keep, &keep),
            (400, &gone, &gone),
            (401, &gone, &gone),
            (404, &gone, &gone),
            (408, &gone, &keep),
            (413, &Next::Split, &Next::Split),
            (429, &keep, &keep),
            (500, &gone, &keep),
            (501, &gone, &keep),
            (502, &keep, &keep),
            (503, &keep, &keep),
            (504, &keep, &keep),
            (511, &gone, &keep),
        ] {
            for (dialect, _) in Dialect::ALL {
                let expected = if dialect == Dialect::Otlp { otlp } else { others };
                assert_eq!(&judge(dialect, status, ""), expected, "{dialect:?} {status}");
            }
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_day() {
        let wish = |text: &str| {
            let response = Response { retry_after: Some(text.into()), ..answer(429, "") };
            next(&destination(Dialect::Otlp, Encoding::Json), &response, 2, now())
        };
        assert_eq!(wish("7"), Next::Keep(Some(Duration::from_secs(7))));
        assert_eq!(wish("9999999"), Next::Keep(Some(limits::RETRY_AFTER_LONGEST)));
        assert_eq!(wish("Fri, 20 Nov 2026 10:00:09 GMT"), Next::Keep(Some(Duration::from_secs(9))));
        assert_eq!(
            wish("Sat, 20 Nov 2027 10:00:00 GMT"),
            Next::Keep(Some(limits::RETRY_AFTER_LONGEST))
        );
        for none in [
            "-1",
            "",
            "soon",
            "Fri, 20 Nov 2026 09:59:59 GMT",
            "Fri, 20 Nov 2026 10:00:09",
            "Fri, 20 Nov 2026 10:00:09 GMT GMT",
            "Fri, 40 Nov 2026 10:00:09 GMT",
            "Friday, 20-Nov-26 10:00:09 GMT",
            "2026-11-20T10:00:09Z",
        ] {
            assert_eq!(wish(none), Next::Keep(None), "{none}");
        }
    }
}
