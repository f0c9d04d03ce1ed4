//! What a destination asks for in an answer, and whether it is kept.
//!
//! What outlives a request must come from the destination itself, and belongs
//! to the device that it was said to.

use headcount_catalog::{Catalog, Checked, Destination, Time};
use headcount_wire::Wish;

use super::due::Ready;
use super::next::{Next, next};
use crate::disk::backoff::Pause;
use crate::disk::error::DiskError;
use crate::disk::lock;
use crate::disk::pace::Pace;
use crate::ship::transport::{Response, TransportError, Via};
use crate::standing::Standing;
use crate::{Paths, identity};

/// What an answer means for a batch. A pause that somebody else could have
/// asked for is the usual one.
pub(super) fn meaning(
    destination: &Destination,
    answer: &Result<Response, TransportError>,
    via: &Via,
    sent: usize,
    now: Time,
) -> Next {
    let Ok(response) = answer else { return Next::Keep(Pause::Usual) };
    match next(destination, response, sent, now) {
        Next::Keep(Pause::Asked(_)) if !via.is_vouched_for() => Next::Keep(Pause::Usual),
        next => next,
    }
}

/// The pace that an answer asks for.
pub(super) fn wish(answer: &Result<Response, TransportError>) -> Option<Wish> {
    Wish::parse(answer.as_ref().ok()?.send.as_deref()?)
}

/// Keeps a wish, unless somebody else could have said it, or the id has changed
/// since: then it was said to another device.
///
/// # Errors
///
/// Returns an error if the file cannot be locked or written.
pub(super) fn keep(
    standing: &Standing,
    (catalog, paths): (&Catalog, &Paths),
    (ready, via): (&Ready, &Via),
    records: &[Checked],
    wish: Wish,
) -> Result<(), DiskError> {
    if !via.is_vouched_for() {
        return Ok(());
    }
    // An id changes under this lock.
    let _held = lock::hold(&paths.lock())?;
    let surroundings = standing.surroundings();
    // A request carries one device.
    let said_to = records.first().and_then(|record| record.device(catalog));
    let device = identity::shown(catalog, paths, surroundings)?;
    if said_to.is_some() && said_to != device.as_deref() {
        return Ok(());
    }
    let path = paths.pace(ready.destination.name);
    Pace::said(wish, surroundings.now()).write(&path, ready.target.replaced())
}
