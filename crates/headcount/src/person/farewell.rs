//! The farewell: one event, sent before the no is written, where an author
//! insists on it and telemetry was on. It is tried once, within the time of one
//! request, and never queued; what else waits is not sent with it.

use std::time::Instant;

use headcount_catalog::{Event as Definition, Scheme, Value};
use headcount_wire::read;

use crate::random::Pool;
use crate::record::Recorder;
use crate::ship::{self, Once, Transport};
use crate::standing::Standing;
use crate::{TypedEvent, identity, limits};

/// Tells every destination, where there is a transport to tell it with.
pub(super) fn send(standing: &Standing) {
    if let Some(transport) = ship::built_in() {
        // Whether it arrives or not, the person's no comes next.
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

/// Sends it to every destination that may be asked now. `None` where there is
/// none to be sent.
fn tell(standing: &Standing, transport: &dyn Transport) -> Option<()> {
    if !standing.decide().is_on() {
        return None;
    }
    // Somebody who was never counted has nothing to take leave of, and an id
    // made now would be made against their word.
    let paths = standing.paths()?;
    if standing.catalog().identity.scheme == Scheme::Random {
        identity::shown(standing.catalog(), paths, standing.surroundings()).ok()??;
    }
    let (catalog, paths) = (standing.in_force()?, standing.paths()?);
    let farewell = Farewell(standing.catalog().event(standing.catalog().consent.farewell?)?);
    let random = Pool::default();
    let recorder = Recorder { standing, random: &random };
    let record = read(catalog, &recorder.line(standing.permit()?, &farewell).ok()?).ok()?;
    let start = Instant::now();
    for ready in ship::ready(standing, catalog, paths) {
        let limit = limits::REQUEST.checked_sub(start.elapsed())?;
        let once = Once { standing, catalog, paths, transport, limit };
        // Nobody waits for an answer that says more than that it came.
        let _ = once.send(&ready, std::slice::from_ref(&record), &mut || true);
    }
    Some(())
}
