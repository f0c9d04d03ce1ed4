//! The farewell: one event that tells of a no, if the catalog has one and
//! telemetry was on. It is made before the no is written and sent from memory
//! once the no is kept; where it could not be kept there is none. It is tried
//! once, within the time of one request, and never queued. No other waiting
//! event is sent with it.

use std::time::Instant;

use headcount_catalog::{Catalog, Checked, Event as Definition, Scheme, Value};
use headcount_wire::read;

use crate::consent::SendPermit;
use crate::record;
use crate::ship::{self, Basis, Once, Transport};
use crate::standing::Standing;
use crate::{Paths, TypedEvent, identity, limits};

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

/// The farewell in memory, made while telemetry was still on, with the
/// permission of that time.
pub(super) struct Ready<'a> {
    standing: &'a Standing,
    catalog: &'static Catalog,
    record: Checked,
    permit: SendPermit,
}

/// Makes the farewell. `None` if there is nothing to send.
pub(super) fn made(standing: &Standing) -> Option<Ready<'_>> {
    let permit = standing.send_permit_now()?;
    // A person without an id was never counted, and an id created now would be
    // created after their no.
    let paths = standing.paths()?;
    if standing.catalog().identity.scheme == Scheme::Random {
        identity::current(standing.catalog(), paths, standing.surroundings())?;
    }
    let catalog = standing.in_force()?;
    let farewell = Farewell(standing.catalog().event(standing.catalog().consent.farewell?)?);
    let line = record::line(standing, standing.permit()?, &farewell, None).ok()?;
    Some(Ready { standing, catalog, record: read(catalog, &line).ok()?, permit })
}

impl Ready<'_> {
    /// Sends it to every destination that is ready, if this build has a
    /// transport. The result does not matter: there is no retry.
    pub(super) fn send(&self) {
        if let (Some(transport), Some(paths)) = (ship::built_in(), self.standing.paths()) {
            self.send_through(transport.as_ref(), paths);
        }
    }

    fn send_through(&self, transport: &dyn Transport, paths: &Paths) {
        let (standing, catalog, start) = (self.standing, self.catalog, Instant::now());
        for ready in ship::ready(standing, catalog, paths) {
            let Some(limit) = limits::REQUEST.checked_sub(start.elapsed()) else { return };
            let basis = Basis::Farewell(&self.permit);
            let once = Once { standing, catalog, paths, transport, limit, basis };
            let _ = once.send(&ready, std::slice::from_ref(&self.record), &mut || true);
        }
    }
}
