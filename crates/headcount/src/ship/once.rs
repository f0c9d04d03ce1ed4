//! One request that is never tried again: a farewell, a record of a product
//! that keeps none on disk.

use std::io;
use std::time::Duration;

use headcount_catalog::{Catalog, Checked};
use headcount_wire::Wish;

use super::due::Ready;
use super::pace::{self, Pace};
use super::receipts::{self, Receipt};
use super::{Backoff, Next, Transport, TransportErrorKind, next, request, under_way};
use crate::{Paths, Session, consent};

/// Sends records, which go one way, to one destination; what it answers is
/// heeded: the pause it asks for, the pace. What went wrong without its word is
/// no reason to wait, since nothing is tried again.
///
/// Consent is read again. `may` is asked at the last moment, and no receipt is
/// kept of what it kept back.
///
/// # Errors
///
/// What the system says to the files in which that is kept.
pub(crate) fn once(
    session: &Session,
    (catalog, paths): (&Catalog, &Paths),
    ready: &Ready,
    records: &[Checked],
    (transport, limit): (&dyn Transport, Duration),
    may: &mut dyn FnMut() -> bool,
) -> io::Result<()> {
    let Session { host, surroundings, .. } = session;
    let permitted =
        || consent::settle(session.catalog, host.flag, surroundings, Some(paths)).is_on();
    // Where the answer is off nothing is made, not even the lock.
    if !permitted() {
        may();
        return Ok(());
    }
    let under_way = under_way::begin(paths)?;
    // After that: an `off` that did not wait for this has been written before.
    if !permitted() {
        may();
        return Ok(());
    }
    let asked: Vec<Checked> =
        records.iter().filter(|record| pace::keeps(ready.rate, catalog, record)).cloned().collect();
    if asked.is_empty() {
        // It was asked and is done with.
        may();
        return Ok(());
    }
    let destination = ready.destination;
    let request = request(catalog, destination, &ready.target, &asked).map_err(io::Error::other)?;
    let answer = transport.send_if(&request, limit, under_way.lock(), may);
    if answer.as_ref().is_err_and(|error| error.failure == TransportErrorKind::Withdrawn) {
        return Ok(());
    }
    let now = session.surroundings.now();
    let next = match &answer {
        Ok(response) => next(destination, response, asked.len(), now),
        Err(_) => Next::Keep(None),
    };
    let wish = answer.as_ref().ok().and_then(|response| Wish::parse(response.send.as_deref()?));
    let paced =
        wish.map_or(Ok(()), |wish| Pace::said(wish, now).write(&paths.pace(destination.name)));
    let paused = match next {
        Next::Keep(Some(pause)) => {
            let path = paths.backoff(destination.name);
            Backoff::read(&path).after_failure(now, Some(pause), 0).write(&path)
        }
        _ => Ok(()),
    };
    // What was asked for is heeded whatever becomes of the others.
    let size = (asked.len() as u64, request.body.len() as u64);
    let kept = receipts::keep(paths, &Receipt::of((now, destination.name), size, &answer, &next));
    paced.and(paused).and(kept)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use headcount_catalog::{Time, parse};
    use headcount_testkit::Home;

    use super::*;
    use crate::ship::{self, Request, Response, TransportError};
    use crate::{Host, Surroundings};

    const CATALOG: &str = r#"
grammar = 1
catalog = 1

[product]
name = "tick"
prefix = "TICK"
title = "Tick"

[consent]
default = "on"
order = ["environment", "do-not-track", "flag", "settings"]

[files]
folder = "~/.tick"
settings = { file = "settings.json", enabled = "telemetry" }
queue = "events.jsonl"

[identity]
scheme = "none"

[envelope]
id = "event-id"
event = "event"
time = { is = "time", grain = "second" }
version = "version"
"*" = "properties"

[shipping]
mode = "thread"
command = ["flush"]
marker = "TICK_FLUSH"

[retention]
on-machine = "30d"
raw = "90d"

[[destination]]
name = "one"
kind = "http"
endpoint = "http://127.0.0.1:9/e"

[event.tick]
why = "Is it asked in time?"
owner = "tests"
"#;

    /// Nobody's: it must not be asked.
    struct Never;

    impl Transport for Never {
        fn send(&self, _: &Request, _: Duration) -> Result<Response, TransportError> {
            panic!("it left")
        }
    }

    #[test]
    fn a_no_that_was_said_meanwhile_is_asked_for_before_anything_is_made() {
        let catalog = parse(CATALOG).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let catalog: &'static Catalog = Box::leak(Box::new(catalog));
        let home = Home::new();
        let now = Time::from_seconds(1_795_218_080);
        let surroundings = Surroundings::given(home.path(), HashMap::new(), now);
        let session = crate::open(catalog, &Host::new("1.2.3"), surroundings);
        let paths = session.paths.as_ref().expect("a home");
        let ready = ship::ready(&session, catalog, paths).remove(0);
        let record = catalog.sample(&catalog.events[0], now);
        home.write(".tick/settings.json", "{\"telemetry\": false}");
        let before = home.tree();
        let (way, mut asked) = ((&Never as &dyn Transport, Duration::from_secs(3)), 0);
        let mut may = || {
            asked += 1;
            true
        };
        once(&session, (catalog, paths), &ready, &[record], way, &mut may)
            .expect("nothing is done");
        assert_eq!((home.tree(), asked), (before, 1));
    }
}
