//! What an answer means for a batch: pure.

use std::time::Duration;

use headcount_catalog::{Destination, Dialect, Encoding, Time};
use headcount_wire::{Settled, clacky, datadog, http, native, otlp, posthog};

use crate::disk::backoff::Pause;
use crate::limits;
use crate::ship::transport::Response;

/// What to do with a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The destination answered for every event.
    Done(Settled),
    /// The batch is too large: send its halves.
    Split,
    /// Keep it, and try again after a pause.
    Keep(Pause),
    /// The destination rejects it for good: put it into quarantine.
    Quarantine,
}

/// Judges an answer to a batch of `sent` events.
///
/// Only the dialect's own success settles a batch; any other 2xx or a 3xx comes
/// from a block page or a foreign listener. Receivers of OTLP in JSON that
/// answer 204 have taken all of it. Only an answer that these very
/// bytes are wrong is for good: 400, 422, and 413 to a single event. Every
/// other refusal is about who asks, where or when, and ends without new bytes:
/// a collector that does not know the product or its key yet, a quota, a proxy
/// that wants a password.
///
/// OTLP/HTTP forbids retries on a status other than 429, 502, 503 and 504
/// (opentelemetry-proto, `specification.md`). Its receivers mean these bytes by
/// 400 and 500; the rest comes from what stands before them.
#[must_use]
pub fn next(destination: &Destination, response: &Response, sent: usize, now: Time) -> Next {
    let keep = |pause: Pause| Next::Keep(retry_after(response, now).map_or(pause, Pause::Asked));
    match response.status {
        200..=299 => {
            settled(destination, response, sent).map_or(Next::Keep(Pause::Usual), Next::Done)
        }
        413 => Next::Split,
        400 | 422 => Next::Quarantine,
        500 if destination.dialect == Dialect::Otlp => Next::Quarantine,
        408 | 425 | 429 | 500..=599 => keep(Pause::Usual),
        400..=499 => keep(Pause::NotNow),
        _ => Next::Keep(Pause::Usual),
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
        (Dialect::Otlp, _) => otlp::settled(*status, body, sent),
        (Dialect::PostHog, _) => posthog::settled(body, sent),
        (Dialect::Datadog, _) => datadog::settled(*status, body),
        (Dialect::Clacky, _) => clacky::settled(body),
        (Dialect::Http, _) => http::settled(body),
    }
}

/// `Retry-After` (RFC 9110, 10.2.3) in seconds or until a date, as the next
/// longer pause of a short list that ends with a day.
fn retry_after(response: &Response, now: Time) -> Option<Duration> {
    let wish = response.retry_after.as_deref()?.trim();
    let seconds = match wish.parse() {
        Ok(seconds) => seconds,
        // More than a number of 64 bits holds.
        Err(_) if !wish.is_empty() && wish.bytes().all(|byte| byte.is_ascii_digit()) => u64::MAX,
        Err(_) => u64::try_from(date(wish)?.seconds().saturating_sub(now.seconds())).ok()?,
    };
    let pause = limits::RETRY_AFTER_SECONDS.into_iter().find(|pause| *pause >= seconds);
    Some(pause.map_or(limits::PAUSE_LONGEST, Duration::from_secs))
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
            assert_eq!(judge(dialect, status, PAGE), Next::Keep(Pause::Usual), "{dialect:?}");
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
            assert_eq!(judge(dialect, 200, body), Next::Keep(Pause::Usual), "{dialect:?} {body}");
        }
        let protobuf = destination(Dialect::Otlp, Encoding::Protobuf);
        let typed = |content_type: Option<&str>, body: &str| {
            let content_type = content_type.map(str::to_owned);
            next(&protobuf, &Response { content_type, ..answer(200, body) }, 2, now())
        };
        assert_eq!(typed(Some("application/x-protobuf"), ""), done);
        assert_eq!(typed(None, ""), done);
        for (content_type, body) in [(Some("text/html"), ""), (None, PAGE), (None, "{}")] {
            assert_eq!(
                typed(content_type, body),
                Next::Keep(Pause::Usual),
                "{content_type:?} {body}"
            );
        }
    }

    #[test]
    fn only_what_says_that_these_bytes_are_wrong_is_for_good() {
        const FOR_GOOD: [u16; 2] = [400, 422];
        const SOON: [u16; 3] = [408, 425, 429];
        for (dialect, _) in Dialect::ALL {
            for status in 100..=999 {
                let expected = match status {
                    200..=299 => continue,
                    413 => Next::Split,
                    500 if dialect == Dialect::Otlp => Next::Quarantine,
                    status if FOR_GOOD.contains(&status) => Next::Quarantine,
                    status if SOON.contains(&status) => Next::Keep(Pause::Usual),
                    400..=499 => Next::Keep(Pause::NotNow),
                    _ => Next::Keep(Pause::Usual),
                };
                assert_eq!(judge(dialect, status, ""), expected, "{dialect:?} {status}");
            }
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_a_day_and_never_to_the_second() {
        let wish = |text: &str| {
            let response = Response { retry_after: Some(text.into()), ..answer(429, "") };
            next(&destination(Dialect::Otlp, Encoding::Json), &response, 2, now())
        };
        for (text, seconds) in [
            ("0", 1),
            ("1", 1),
            ("7", 10),
            ("599", 600),
            ("600", 600),
            ("601", 1_800),
            ("3599", 3_600),
            ("86399", 86_400),
            ("9999999", 86_400),
            ("18446744073709551615", 86_400),
            ("99999999999999999999999999", 86_400),
            ("Fri, 20 Nov 2026 10:00:09 GMT", 10),
            ("Sat, 20 Nov 2027 10:00:00 GMT", 86_400),
        ] {
            let asked = Pause::Asked(Duration::from_secs(seconds));
            assert_eq!(wish(text), Next::Keep(asked), "{text}");
        }
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
            assert_eq!(wish(none), Next::Keep(Pause::Usual), "{none}");
        }
    }
}
