//! The farewell: one event, sent before a no is written, if the catalog has one
//! and telemetry was on. It is tried once, within the time of one request, and
//! never queued. No other waiting event is sent with it.

use std::time::Instant;

use headcount_catalog::{Event as Definition, Scheme, Value};
use headcount_wire::read;

use crate::record;
use crate::ship::{self, Once, Transport};
use crate::standing::Standing;
use crate::{TypedEvent, identity, limits};

/// Sends the farewell to every destination, if this build has a transport.
pub(super) fn send(standing: &Standing) {
    if let Some(transport) = ship::built_in() {
        // The person's no comes next, whether the event arrived or not.
        let _ = tell(standing, transport.as_ref());
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

/// Sends the farewell to every destination that is ready. `None` if there is
/// nothing to send.
fn tell(standing: &Standing, transport: &dyn Transport) -> Option<()> {
    if !standing.decide().is_on() {
        return None;
    }
    // A person without an id was never counted, and an id created now would be
    // created after their no.
    let paths = standing.paths()?;
    if standing.catalog().identity.scheme == Scheme::Random {
        identity::shown(standing.catalog(), paths, standing.surroundings()).ok()??;
    }
    let (catalog, paths) = (standing.in_force()?, standing.paths()?);
    let farewell = Farewell(standing.catalog().event(standing.catalog().consent.farewell?)?);
    let record =
        read(catalog, &record::line(standing, standing.permit()?, &farewell).ok()?).ok()?;
    let start = Instant::now();
    for ready in ship::ready(standing, catalog, paths) {
        let limit = limits::REQUEST.checked_sub(start.elapsed())?;
        let once = Once { standing, catalog, paths, transport, limit };
        // The result does not matter: there is no retry.
        let _ = once.send(&ready, std::slice::from_ref(&record), &mut || true);
    }
    Some(())
}
