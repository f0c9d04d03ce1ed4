//! Keeps the records of a request for the person to look at. A farewell has no
//! entry: it goes while telemetry is turned off, and `off` deletes the log.

use headcount_catalog::Checked;

use super::batch::Judged;
use super::run::Attempt;
use crate::disk::error::DiskError;
use crate::disk::lock::{Patience, Terms};
use crate::disk::receipts::Receipt;
use crate::disk::sent::{self, SentRecord};

/// How far the body of a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyReach {
    /// Nothing of it has left the machine: there was no connection.
    Here,
    /// It left, or may have.
    MayHaveLeft,
}

/// Keeps the lines of a request that was answered or given up, but for those of
/// another id than the device has now: nothing on disk joins two ids, outside
/// the unsent queue.
///
/// # Errors
///
/// Returns an error if telemetry is not on any more, or if the log cannot be
/// written.
pub(super) fn keep(
    attempt: &Attempt<'_>,
    reach: BodyReach,
    receipt: &Receipt,
    judged: &Judged,
) -> Result<(), DiskError> {
    if reach == BodyReach::Here || attempt.standing.keeps_none() {
        return Ok(());
    }
    // Whatever is withheld by now, this has left.
    let is_still_on: &dyn Fn() -> bool = &|| attempt.standing.decide().is_on();
    let patience = Patience::Shipper { left: attempt.left() };
    let terms = Terms { patience, is_still_on };
    sent::keep(attempt.paths, terms, || {
        let device = attempt.device();
        let records = judged.records.iter().zip(&judged.texts);
        let ours = records.filter(|(record, _)| {
            let carried = record.device(attempt.catalog);
            carried.is_none() || carried == device.as_deref()
        });
        ours.map(|(record, line)| SentRecord {
            at: receipt.time,
            destination: receipt.destination.clone(),
            status: receipt.status,
            line: went(attempt, record, line),
        })
        .collect()
    })
}

/// The line as it lay in the queue; without what this release left out of it,
/// such as an id that the product has given up.
fn went(attempt: &Attempt<'_>, record: &Checked, line: &str) -> String {
    if record.dropped.is_empty() {
        return line.to_owned();
    }
    headcount_wire::write(attempt.catalog, record).unwrap_or_else(|_| line.to_owned())
}
