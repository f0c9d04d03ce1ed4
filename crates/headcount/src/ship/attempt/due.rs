//! Whether a shipper has anything to do. Looks at names, sizes and our own
//! small files, and creates nothing.

use headcount_catalog::{Catalog, Destination, Time};
use headcount_queue::{ClaimName, Queue};
use headcount_wire::{Rate, Wish};

use crate::disk::backoff::Backoff;
use crate::disk::left::Left;
use crate::disk::line;
use crate::disk::pace::{self, Pace};
use crate::ship::target::{Build, Overrides, Target, target};
use crate::standing::Standing;
use crate::{Paths, limits};

/// Whether a shipment is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing waits that this version could send.
    Nothing,
    /// Something waits, but no destination is ready.
    NoDestination,
    /// Something is to be sent, or to be given up because it has waited too
    /// long.
    Now,
}

/// A destination that is ready: it may be sent to now.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) destination: &'static Destination,
    pub(crate) target: Target,
    /// The share of devices that report there.
    pub(crate) rate: Rate,
    /// Failures in a row before this attempt.
    failures: u32,
}

/// The destinations that are ready: with an address and a key, without a pause
/// or a stop. Those that failed last time come last, since each may take
/// seconds.
pub(crate) fn ready(standing: &Standing, catalog: &'static Catalog, paths: &Paths) -> Vec<Ready> {
    let now = standing.surroundings().now();
    let mut ready: Vec<Ready> = Vec::new();
    for destination in catalog.destinations {
        let variable = |name: &str| standing.surroundings().variable(name);
        let overrides = Overrides::read(catalog, destination, variable);
        let Ok(target) = target(catalog, destination, &overrides, Build::this()) else { continue };
        let replaced = target.replaced();
        let backoff = Backoff::read(&paths.backoff(destination.name), replaced);
        let pace = Pace::read(&paths.pace(destination.name), replaced, now);
        let stopped = pace.is_some_and(|pace| pace.wish == Wish::Stop);
        if backoff.remaining(now).is_some() || stopped {
            continue;
        }
        let (rate, failures) = (pace::rate(pace), backoff.failures());
        let target = target.with_rate(rate).with_home(standing.surroundings().home_lasts());
        let place = ready.partition_point(|other| other.failures <= failures);
        ready.insert(place, Ready { destination, target, rate, failures });
    }
    ready
}

/// Whether a shipment of this queue to these destinations is due.
pub(crate) fn due(
    standing: &Standing,
    catalog: &'static Catalog,
    paths: &Paths,
    queue: &Queue,
    ready: &[Ready],
) -> Due {
    // The usual case needs one look at one name.
    if !ready.is_empty() && queue.open_bytes() > 0 {
        return Due::Now;
    }
    let Ok(glance) = queue.glance() else { return Due::Nothing };
    if glance.unclaimed_bytes == 0 && glance.claims.is_empty() {
        return Due::Nothing;
    }
    let now = standing.surroundings().now();
    let left = Left::read(&paths.left());
    let found = left.of(&glance.claims, catalog.fingerprint());
    let until = found.and_then(|found| found.until);
    let is_old = until.is_some_and(|until| now.day() > until);
    if ready.is_empty() {
        // In this order, so that a segment is read only if it is short.
        let is_due = is_old
            || glance.unclaimed_bytes >= limits::unclaimed_bytes(queue.bounds().bytes)
            || has_old(catalog, queue, &glance.claims, now);
        return if is_due { Due::Now } else { Due::NoDestination };
    }
    let waits = |ready: &Ready| match found {
        Some(found) => found.waiting.iter().any(|name| name == ready.destination.name),
        None => true,
    };
    if glance.unclaimed_bytes > 0 || is_old || ready.iter().any(waits) {
        Due::Now
    } else {
        Due::Nothing
    }
}

/// Whether the oldest claim or the oldest unclaimed line has waited too long.
/// Lines are appended in the order of time, so the first is the oldest unless
/// the clock jumped.
fn has_old(catalog: &Catalog, queue: &Queue, claims: &[ClaimName], now: Time) -> bool {
    let is_old = |time: Time| line::is_old(catalog, time, now.day());
    let of_claim = |name: &ClaimName| i64::try_from(name.time_s()).ok().map(Time::from_seconds);
    if claims.first().and_then(of_claim).is_some_and(is_old) {
        return true;
    }
    let first = queue.unclaimed().ok().and_then(|mut lines| lines.next()?.ok());
    first.and_then(|line| line::time(catalog, &line.text)).is_some_and(is_old)
}
