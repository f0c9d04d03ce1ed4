//! One request that is never tried again: a farewell, a record of a product
//! that keeps none on disk.

use std::io;
use std::time::Duration;

use headcount_catalog::{Catalog, Checked};
use headcount_wire::Wish;

use super::due::Ready;
use super::pace::{self, Pace};
use super::receipts::{self, Receipt};
use super::{Backoff, Next, Transport, next, request, under_way};
use crate::{Paths, Session, consent};

/// Sends records, which go one way, to one destination; what it answers is
/// heeded: the pause it asks for, the pace. What went wrong without its word is
/// no reason to wait, since nothing is tried again.
///
/// Consent is read again. `may` is asked at the last moment. No receipt is kept of what it kept back.
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
    let _under_way = under_way::begin(paths)?;
    // After that: an `off` that did not wait for this has been written before.
    let Session { host, surroundings, .. } = session;
    if !consent::settle(session.catalog, host.flag, surroundings, Some(paths)).is_on() {
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
    let mut left = false;
    let mut watched = || {
        left = may();
        left
    };
    let answer = transport.send_if(&request, limit, &mut watched);
    if !left && answer.is_err() {
        return Ok(());
    }
    let next = match &answer {
        Ok(response) => next(destination, response, asked.len()),
        Err(_) => Next::Keep(None),
    };
    let now = session.surroundings.now();
    let size = (asked.len() as u64, request.body.len() as u64);
    receipts::keep(paths, &Receipt::of((now, destination.name), size, &answer, &next))?;
    let wish = answer.as_ref().ok().and_then(|response| Wish::parse(response.send.as_deref()?));
    if let Some(wish) = wish {
        Pace::said(wish, now).write(&paths.pace(destination.name))?;
    }
    match next {
        Next::Keep(Some(pause)) => {
            let path = paths.backoff(destination.name);
            Backoff::read(&path).after_failure(now, Some(pause), 0).write(&path)
        }
        _ => Ok(()),
    }
}
