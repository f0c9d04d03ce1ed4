//! Judges the events of one request, and commits them.

use std::borrow::Cow;
use std::cell::OnceCell;

use headcount_catalog::{Catalog, Checked, Day, EventId, Reason, Unchecked};
use headcount_store::Refusal;
use headcount_wire::Outcome;
use hmac_sha256::Hash;

use super::rejection::Rejection;
use crate::app::App;
use crate::arrival::Arrival;
use crate::judge::Judge;
use crate::registry::LoadedProduct;

/// What becomes of an event without an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingId {
    /// It is rejected: in this dialect every event has an id.
    Reject,
    /// The collector assigns one, as the dialect's own receivers do.
    Assign,
}

/// Judges the events of one request.
pub(super) struct RequestJudge<'a> {
    app: &'a App,
    today: Day,
    body: &'a [u8],
    /// Random bits for new ids; `None` if events without an id are rejected.
    random: Option<[u8; 32]>,
    body_hash: OnceCell<[u8; 32]>,
    judged: JudgedEvents,
}

/// The judged events of one request.
#[derive(Default)]
pub(super) struct JudgedEvents {
    arrivals: Vec<Arrival>,
    dropped_fields: Vec<DroppedFromEvent>,
}

/// The fields that were dropped from one event.
struct DroppedFromEvent {
    /// The event's place in the request.
    place: usize,
    product: &'static str,
    reasons: Vec<Reason>,
}

impl<'a> RequestJudge<'a> {
    pub(super) fn new(
        app: &'a App,
        body: &'a [u8],
        missing_id: MissingId,
    ) -> Result<Self, Rejection> {
        let random = match missing_id {
            MissingId::Reject => None,
            MissingId::Assign => Some(random_bytes(app)?),
        };
        let (today, judged) = (app.today(), JudgedEvents::default());
        Ok(Self { app, today, body, random, body_hash: OnceCell::new(), judged })
    }

    /// Judges the next event. `unchecked` returns the event under the names of
    /// a catalog.
    pub(super) fn judge<'c>(
        &mut self,
        product: &LoadedProduct,
        unchecked: impl Fn(&Catalog) -> Result<Cow<'c, Unchecked<'c>>, Reason>,
    ) {
        let place = self.judged.arrivals.len();
        let judge = Judge { product, pseudonyms: &self.app.pseudonyms, today: self.today };
        let assign_id = |checked: &Checked, day| self.assign_id(product, checked, day, place);
        let judged = judge.judge(unchecked, assign_id).map(|allowed| {
            if !allowed.dropped.is_empty() {
                let reasons = allowed.dropped.iter().map(|field| field.reason).collect();
                let product = product.name();
                self.judged.dropped_fields.push(DroppedFromEvent { place, product, reasons });
            }
            allowed.row
        });
        let lost = self.app.inbox.lost_arrivals();
        self.judged.arrivals.push(Arrival::new(product.name(), judged, lost));
    }

    /// Makes an id for an event that came without one.
    ///
    /// If the event has a time, the id depends on the whole body and the
    /// event's place in it: a client that got no answer sends the same bytes
    /// again, and these must be duplicates. Without a time, two separate events
    /// can have the same bytes, so the id is random.
    fn assign_id(
        &self,
        product: &LoadedProduct,
        checked: &Checked,
        day: Day,
        place: usize,
    ) -> Option<EventId> {
        let random = self.random?;
        let seed = match checked.time {
            Some(_) => *self.body_hash.get_or_init(|| Hash::hash(self.body)),
            None => random,
        };
        Some(EventId::new(day, self.app.pseudonyms.of_place(product.name(), seed, place)))
    }

    /// Whether no event has been judged yet.
    pub(super) fn is_empty(&self) -> bool {
        self.judged.arrivals.is_empty()
    }

    pub(super) fn finish(self) -> JudgedEvents {
        self.judged
    }
}

impl JudgedEvents {
    /// Commits the events. Returns their outcomes, in order, once they are on
    /// disk.
    pub(super) async fn commit(self, app: &App) -> Result<Vec<Outcome>, Rejection> {
        if self.arrivals.is_empty() {
            return Ok(Vec::new());
        }
        let is_future = |arrival: &Arrival| arrival.is_rejected_for(Reason::InTheFuture);
        if self.arrivals.iter().any(is_future) && app.clock_watch.is_in_doubt(app.now()) {
            app.inbox.refuse(self.arrivals, Refusal::ClockInDoubt);
            return Err(Rejection::ClockInDoubt);
        }
        let outcomes = app.inbox.submit(self.arrivals).await.map_err(Rejection::from)?;
        for DroppedFromEvent { place, product, reasons } in self.dropped_fields {
            if outcomes.get(place) == Some(&Outcome::Stored) {
                app.dropped_fields.count(product, reasons.into_iter());
            }
        }
        Ok(outcomes)
    }
}

/// Returns 256 random bits.
pub(super) fn random_bytes(app: &App) -> Result<[u8; 32], Rejection> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| {
        (app.error_log)(&format!("cannot get random bytes for the ids of events: {error}"));
        Rejection::Busy
    })?;
    Ok(random)
}
