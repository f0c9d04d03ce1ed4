//! The farewell: one event, sent before the no is written, where an author
//! insists on it and telemetry was on. It is tried once, within the time of one
//! request, and never queued; what else waits is not sent with it.

use std::time::Instant;

use headcount_catalog::{Event as Definition, Scheme, Value};
use headcount_wire::read;

use super::switch;
use crate::ship::{self, Transport};
use crate::{Session, TypedEvent, identity, limits};

/// Tells every destination, where there is a transport to tell it with.
pub(super) fn send(session: &Session) {
    if let Some(transport) = ship::built_in() {
        // Whether it arrives or not, the person's no comes next.
        let _ = tell(session, transport.as_ref());
    }
}

/// The event of the catalog's farewell: all its properties are constants.
struct Farewell(&'static Definition);

impl TypedEvent for Farewell {
    fn definition(&self) -> &'static Definition {
        self.0
    }

    fn values(&self) -> Vec<Option<Value>> {
        self.0.complete(vec![None; self.0.properties.len()])
    }
}

/// Sends it to every destination that may be asked now. `None` where there is
/// none to be sent.
fn tell(session: &Session, transport: &dyn Transport) -> Option<()> {
    if !switch::decided(session).is_on() {
        return None;
    }
    // Somebody who was never counted has nothing to take leave of, and an id
    // made now would be made against their word.
    let paths = session.paths.as_ref()?;
    if session.catalog.identity.scheme == Scheme::Random {
        identity::shown(session.catalog, paths, &session.surroundings).ok()??;
    }
    let (catalog, paths) = (session.in_force()?, session.paths.as_ref()?);
    let farewell = Farewell(session.catalog.event(session.catalog.consent.farewell?)?);
    let record = read(catalog, &session.line(&farewell).ok()?).ok()?;
    let start = Instant::now();
    for ready in ship::ready(session, catalog, paths) {
        let left = limits::REQUEST.checked_sub(start.elapsed())?;
        // Nobody waits for an answer that says more than that it came.
        let _ = ship::once(
            session,
            (catalog, paths),
            &ready,
            std::slice::from_ref(&record),
            (transport, left),
            &mut || true,
        );
    }
    Some(())
}
