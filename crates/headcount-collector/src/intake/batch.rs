//! The events of one request, from claims to outcomes.

use std::borrow::Cow;
use std::cell::OnceCell;

use headcount_catalog::{Catalog, Checked, Day, EventId, Reason, Unchecked};
use headcount_wire::Outcome;
use hmac_sha256::Hash;

use super::turned_away::TurnedAway;
use crate::app::App;
use crate::arrival::Arrival;
use crate::judge::Judge;
use crate::registry::Product;

/// What becomes of an event that has no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// It is rejected: its dialect is a line, and a line has one.
    Rejected,
    /// It is given one, as the dialect's own receivers do: their clients send none, or need not.
    Named,
}

/// The events of one request, as they are judged.
pub(super) struct Batch<'a> {
    app: &'a App,
    today: Day,
    body: &'a [u8],
    /// `None` where events without an id are rejected.
    fresh: Option<[u8; 32]>,
    digest: OnceCell<[u8; 32]>,
    judged: Judged,
}

/// The events of one request, which wait for their outcomes.
#[derive(Default)]
pub(super) struct Judged {
    arrivals: Vec<Arrival>,
    /// What was left out of each, where it was anything.
    left_out: Vec<(usize, &'static str, Vec<Reason>)>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(app: &'a App, body: &'a [u8], unnamed: Unnamed) -> Result<Self, TurnedAway> {
        let fresh = match unnamed {
            Unnamed::Rejected => None,
            Unnamed::Named => Some(random(app)?),
        };
        let (today, judged) = (app.today(), Judged::default());
        Ok(Self { app, today, body, fresh, digest: OnceCell::new(), judged })
    }

    /// Judges the next event: `unchecked` says what it is under a catalog's names.
    pub(super) fn judge<'c>(
        &mut self,
        product: &Product,
        unchecked: impl Fn(&Catalog) -> Result<Cow<'c, Unchecked<'c>>, Reason>,
    ) {
        let place = self.judged.arrivals.len();
        let judge = Judge { product, pseudonyms: &self.app.pseudonyms, today: self.today };
        let name = |checked: &Checked, day| self.name(product, checked, day, place);
        let judged = judge.judge(unchecked, name).map(|judged| {
            if !judged.dropped.is_empty() {
                let reasons = judged.dropped.iter().map(|it| it.reason).collect();
                self.judged.left_out.push((place, product.name(), reasons));
            }
            judged.row
        });
        self.judged.arrivals.push(Arrival::new(product.name(), judged));
    }

    /// An id for an event that came without one.
    ///
    /// Where it says when it happened, it is the same event as the one at this place in a body of
    /// the same bytes: a client that did not hear our answer sends those again, and means no other.
    /// Where it does not, nothing tells it from the next of its kind, and it is one of its own.
    fn name(
        &self,
        product: &Product,
        checked: &Checked,
        day: Day,
        place: usize,
    ) -> Option<EventId> {
        let fresh = self.fresh?;
        let seed = match checked.time {
            Some(_) => *self.digest.get_or_init(|| Hash::hash(self.body)),
            None => fresh,
        };
        Some(EventId::new(day, self.app.pseudonyms.place(product.name(), seed, place)))
    }

    pub(super) fn finish(self) -> Judged {
        self.judged
    }
}

impl Judged {
    /// Every arrival's outcome, once it is on disk.
    pub(super) async fn settle(self, app: &App) -> Result<Vec<Outcome>, TurnedAway> {
        if self.arrivals.is_empty() {
            return Ok(Vec::new());
        }
        let outcomes = app.desk.hand_in(self.arrivals).await.map_err(TurnedAway::from)?;
        for (place, product, reasons) in self.left_out {
            if outcomes.get(place) == Some(&Outcome::Stored) {
                app.left_out.count(product, reasons.into_iter());
            }
        }
        Ok(outcomes)
    }
}

/// 256 random bits.
pub(super) fn random(app: &App) -> Result<[u8; 32], TurnedAway> {
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(|error| {
        (app.trouble)(&format!("the system gives no random bytes for the ids of events: {error}"));
        TurnedAway::Busy
    })?;
    Ok(random)
}
