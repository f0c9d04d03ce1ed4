//! One request with a copy of what waits in the queue, to a destination that
//! the catalog does not name. The queue stays as it is, and so does what is
//! kept of the catalog's destinations.

use std::time::Duration;

use headcount_catalog::{Checked, Destination};

use super::heed;
use super::receipt::{self, receipt};
use super::under_way;
use crate::Paths;
use crate::consent::SendPermit;
use crate::disk::error::DiskError;
use crate::disk::receipts;
use crate::ship::transport::{Gate, Request, Response, Transport, TransportError, Via};
use crate::standing::Standing;

/// A copy that is about to be sent.
pub(crate) struct Copying<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) paths: &'a Paths,
    /// The destination, and its name in the receipt.
    pub(crate) destination: (&'a Destination, &'a str),
    pub(crate) records: &'a [Checked],
}

impl Copying<'_> {
    /// Sends it while `permit` gives a permission, and keeps a receipt. `None`
    /// if it gives none any more.
    ///
    /// # Errors
    ///
    /// Returns an error if the lock cannot be had that an `off` waits for.
    pub(crate) fn send(
        &self,
        request: &Request,
        transport: &dyn Transport,
        limit: Duration,
        permit: &dyn Fn() -> Option<SendPermit>,
    ) -> Result<Option<Result<Response, TransportError>>, DiskError> {
        let under_way = under_way::begin(self.paths)?;
        // An `off` that did not wait for the lock was written before.
        let Some(given) = permit() else { return Ok(None) };
        let mut may = || permit().is_some();
        let mut gate = Gate::permitted(given, &mut may).holding(Some(under_way.lock()));
        let answer = transport.send_through(request, limit, &mut gate);
        if answer.as_ref().is_err_and(TransportError::is_withdrawn) {
            return Ok(None);
        }
        let surroundings = self.standing.surroundings();
        let now = surroundings.now();
        let via = Via::here(&request.url, surroundings);
        let next = heed::meaning(self.destination.0, &answer, &via, self.records.len(), now);
        let receipt = receipt(&receipt::Sent {
            time: now,
            destination: self.destination.1,
            records: self.records,
            device: self.records.first().and_then(|record| record.device(self.standing.catalog())),
            bytes: request.body.len() as u64,
            answer: &answer,
            next: &next,
            via: &via,
        });
        // What was answered counts, even if it cannot be kept.
        let _ = receipts::keep(self.paths, &receipt);
        Ok(Some(answer))
    }
}
