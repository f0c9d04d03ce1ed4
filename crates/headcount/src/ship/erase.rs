//! Asks a destination to erase what a device has sent there. Only the person's
//! own `telemetry forget` does.

use std::fmt;
use std::time::Duration;

use headcount_catalog::{Destination, Dialect};
use headcount_wire::native::{self, ErasureAnswer};

use super::target::{Build, Overrides, target};
use super::transport::{Compression, Request, Response, Transport, USER_AGENT};
use crate::disk::erasures::PendingErasure;
use crate::standing::Standing;

/// What a destination answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Erasing {
    /// It has erased the events, or has none. It may say how many.
    Done(ErasureAnswer),
    /// It was not asked: its kind has no way to be.
    NoWay,
    /// It was asked, and does not know the request.
    NotYet,
    /// It could not be asked; the text says why.
    Unasked(String),
    /// There was no usable answer; the text says why.
    Failed(String),
}

impl Erasing {
    /// Whether it has erased the events, or has none.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// Whether a request was sent.
    pub(crate) fn was_asked(&self) -> bool {
        !matches!(self, Self::NoWay | Self::Unasked(_))
    }
}

impl fmt::Display for Erasing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(_) => out.write_str("erased"),
            Self::NoWay | Self::NotYet => out.write_str("cannot erase yet"),
            Self::Unasked(why) | Self::Failed(why) => out.write_str(why),
        }
    }
}

/// Whether destinations of this kind can be asked.
pub(crate) fn can_be_asked(destination: &Destination) -> bool {
    destination.dialect == Dialect::Headcount
}

/// Asks once, within `limit`.
pub(crate) fn erase(
    standing: &Standing,
    transport: &dyn Transport,
    destination: &Destination,
    erasure: &PendingErasure,
    limit: Duration,
) -> Erasing {
    if !can_be_asked(destination) {
        return Erasing::NoWay;
    }
    let (catalog, surroundings) = (standing.catalog(), standing.surroundings());
    let overrides = Overrides::read(catalog, destination, |name| surroundings.variable(name));
    let target = match target(catalog, destination, &overrides, Build::this()) {
        Ok(target) => target,
        Err(problem) => return Erasing::Unasked(problem.to_string()),
    };
    let key = target.key().unwrap_or(catalog.product.name);
    let post = native::erasure(key, catalog.product.name, erasure.secret());
    let mut headers = post.headers;
    headers.push(("user-agent", USER_AGENT.to_owned()));
    let request = Request {
        method: "POST",
        url: target.erasure_url(),
        headers,
        body: post.body,
        compression: Compression::None,
    };
    match transport.send(&request, limit) {
        Ok(response) => judged(&response),
        Err(error) => Erasing::Failed(error.to_string()),
    }
}

fn judged(response: &Response) -> Erasing {
    match response.status {
        200 => match ErasureAnswer::decode(&response.body) {
            Some(answer) => Erasing::Done(answer),
            None => Erasing::Failed("the answer is not a collector's".to_owned()),
        },
        // A collector from before there was erasure.
        404 | 405 | 501 => Erasing::NotYet,
        status => Erasing::Failed(format!("it answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_collectors_200_has_erased_anything() {
        let judge = |status, body: &str| {
            let body = body.as_bytes().to_vec();
            judged(&Response { status, body, ..Response::default() })
        };
        assert_eq!(judge(200, ""), Erasing::Done(ErasureAnswer::default()));
        let three = ErasureAnswer { erased: Some(3), proof: None };
        assert_eq!(judge(200, "{\"erased\":3}"), Erasing::Done(three));
        for status in [404, 405, 501] {
            assert_eq!(judge(status, "{}"), Erasing::NotYet, "{status}");
        }
        for status in [0, 202, 204, 302, 400, 401, 403, 413, 429, 500, 503] {
            let said = Erasing::Failed(format!("it answered {status}"));
            assert_eq!(judge(status, "{}"), said, "{status}");
        }
        assert!(matches!(judge(200, "<html>"), Erasing::Failed(_)));
    }
}
