//! The arrivals of one request: judged events, each of which ends in exactly
//! one outcome.

use std::mem;
use std::sync::Arc;

use headcount_catalog::{Day, Reason};
use headcount_store::{DayRows, Refusal, RejectedCount, RowStatus};
use headcount_wire::Outcome;

use crate::clock_evidence::RequestEvidence;
use crate::dropped_fields::DroppedFields;
use crate::limits;
use crate::lost_arrivals::LostArrivals;
use crate::plan::RejectedEvent;
use crate::unstored_counts::UnstoredCounts;

/// The judged events of one request, without outcomes. If they are dropped
/// before they are settled, they are counted as refused, with the reason
/// [`Refusal::Internal`].
#[must_use = "each arrival ends in exactly one outcome"]
pub(crate) struct Arrivals {
    /// One an event, in their order.
    verdicts: Vec<Verdict>,
    /// The events that are allowed, by product and day.
    pub(crate) rows: Vec<DayRows>,
    /// How many events were rejected, by product and reason.
    rejections: Vec<((&'static str, Reason), u64)>,
    /// Where and why events were rejected and fields dropped.
    pub(crate) rejected: Vec<RejectedCount>,
    /// The first rejected events that the catalog knows, each with its place in
    /// the request.
    pub(crate) known_rejected: Vec<(usize, RejectedEvent)>,
    /// What they say of a clock that is in doubt.
    pub(crate) of_clock: RequestEvidence,
    dropped: Vec<DroppedField>,
    owed: OwedOutcomes,
}

/// What the catalog says of one event.
#[derive(Debug, Clone, Copy)]
enum Verdict {
    /// It is this row of this element of [`Arrivals::rows`].
    Allowed {
        rows: usize,
        row: usize,
    },
    Rejected(Reason),
}

/// A field of an allowed event that is not stored.
#[derive(Debug, Clone, Copy)]
struct DroppedField {
    /// The event's place in the request.
    event: usize,
    product: &'static str,
    reason: Reason,
}

/// Where the rows of a request are in a commit, and which status each has.
pub(crate) struct Placed<'s> {
    /// For each element of [`Arrivals::rows`], the statuses of its rows.
    pub(crate) statuses: Vec<&'s [RowStatus]>,
}

/// Whose rejection is counted where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RejectedAt<'a> {
    pub(crate) product: &'static str,
    pub(crate) today: Day,
    /// The version of the sender's program.
    pub(crate) program: Option<&'a str>,
}

impl Arrivals {
    pub(crate) fn new(lost: &Arc<LostArrivals>) -> Self {
        Self {
            verdicts: Vec::new(),
            rows: Vec::new(),
            rejections: Vec::new(),
            rejected: Vec::new(),
            known_rejected: Vec::new(),
            of_clock: RequestEvidence::default(),
            dropped: Vec::new(),
            owed: OwedOutcomes { counts: Vec::new(), lost: Arc::clone(lost) },
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.verdicts.len()
    }

    /// Adds an event that is the last row of an element of [`Self::rows`].
    pub(crate) fn allow(&mut self, product: &'static str, rows: usize) {
        self.owed.add(product);
        let row = self.rows[rows].len() - 1;
        self.verdicts.push(Verdict::Allowed { rows, row });
    }

    /// Adds a rejected event.
    pub(crate) fn reject(&mut self, event: &RejectedEvent, at: RejectedAt<'_>) {
        self.owed.add(at.product);
        if event.event.is_some() && self.known_rejected.len() < limits::TOLD_PLACES {
            self.known_rejected.push((self.verdicts.len(), *event));
        }
        self.verdicts.push(Verdict::Rejected(event.reason));
        add_one(&mut self.rejections, (at.product, event.reason));
        self.count(event, at);
    }

    /// Notes that a field of the last event is not stored.
    pub(crate) fn drop_field(&mut self, field: &RejectedEvent, at: RejectedAt<'_>) {
        let event = self.verdicts.len().saturating_sub(1);
        self.dropped.push(DroppedField { event, product: at.product, reason: field.reason });
        self.count(field, at);
    }

    /// Counts where and why something was rejected or dropped.
    fn count(&mut self, what: &RejectedEvent, at: RejectedAt<'_>) {
        let is_full = self.rejected.len() >= limits::REJECTED_COUNTS;
        let program = at.program.filter(|_| !is_full);
        let (property, kind) = what.property.unwrap_or_default();
        let event = what.event.unwrap_or_default();
        let is_path = |path: &str| {
            let rest = path.strip_prefix(event);
            if property.is_empty() {
                rest == Some("")
            } else {
                rest.and_then(|rest| rest.strip_prefix('.')) == Some(property)
            }
        };
        let same = self.rejected.iter_mut().rev().find(|known| {
            known.product == at.product
                && known.reason == what.reason
                && known.catalog == what.catalog
                && known.kind == kind
                && known.program.as_deref() == program
                && is_path(&known.path)
        });
        match same {
            Some(known) => known.count += 1,
            None => self.rejected.push(RejectedCount {
                product: at.product,
                day: at.today,
                path: if property.is_empty() {
                    event.to_owned()
                } else {
                    format!("{event}.{property}")
                },
                kind,
                reason: what.reason,
                catalog: what.catalog,
                program: program.map(str::to_owned),
                count: 1,
            }),
        }
    }

    /// The events get no outcomes: their request was rejected as a whole.
    pub(crate) fn forget(mut self) {
        self.owed.counts.clear();
    }

    /// Counts the rejected events for the next commit.
    pub(crate) fn enter(&self, counts: &mut UnstoredCounts) {
        for ((product, reason), count) in &self.rejections {
            counts.reject(product, *reason, *count);
        }
    }

    /// Settles the arrivals after the commit.
    pub(crate) fn settle(
        mut self,
        placed: &Placed<'_>,
        dropped_fields: &DroppedFields,
    ) -> Vec<Outcome> {
        let outcome = |verdict: &Verdict| match *verdict {
            Verdict::Rejected(reason) => Outcome::Rejected(reason),
            Verdict::Allowed { rows, row } => {
                match placed.statuses.get(rows).and_then(|rows| rows.get(row)) {
                    Some(RowStatus::Stored) => Outcome::Stored,
                    Some(RowStatus::Duplicate) => Outcome::Duplicate,
                    Some(RowStatus::OtherContent) => Outcome::Rejected(Reason::OtherContent),
                    None => Outcome::Refused,
                }
            }
        };
        let outcomes: Vec<Outcome> = self.verdicts.iter().map(outcome).collect();
        for field in &self.dropped {
            if outcomes.get(field.event) == Some(&Outcome::Stored) {
                dropped_fields.count(field.product, [field.reason].into_iter());
            }
        }
        self.owed.counts.clear();
        outcomes
    }

    /// Refuses all of them.
    pub(crate) fn refuse(mut self, refusal: Refusal, counts: &mut UnstoredCounts) {
        for (product, count) in mem::take(&mut self.owed.counts) {
            counts.refuse(product, refusal, count);
        }
    }
}

/// The outcomes that arrivals still owe, by product.
struct OwedOutcomes {
    counts: Vec<(&'static str, u64)>,
    lost: Arc<LostArrivals>,
}

impl OwedOutcomes {
    fn add(&mut self, product: &'static str) {
        add_one(&mut self.counts, product);
    }
}

impl Drop for OwedOutcomes {
    fn drop(&mut self) {
        for (product, count) in &self.counts {
            self.lost.count(product, *count);
        }
    }
}

/// Counts one more of `what`. Most requests have one product and few reasons.
fn add_one<T: PartialEq>(counts: &mut Vec<(T, u64)>, what: T) {
    match counts.iter_mut().find(|(known, _)| *known == what) {
        Some((_, count)) => *count += 1,
        None => counts.push((what, 1)),
    }
}

#[cfg(test)]
mod tests {
    use headcount_catalog::Day;

    use super::*;

    const AT: RejectedAt<'static> =
        RejectedAt { product: "atomic", today: Day::from_number(20_777), program: None };

    fn rejected(count: usize, lost: &Arc<LostArrivals>) -> Arrivals {
        let mut arrivals = Arrivals::new(lost);
        let reason = Reason::Malformed;
        let event = RejectedEvent { reason, catalog: 1, event: None, property: None };
        (0..count).for_each(|_| arrivals.reject(&event, AT));
        arrivals
    }

    #[test]
    fn dropped_arrivals_are_counted_and_settled_ones_are_not() {
        let lost = Arc::new(LostArrivals::new(Arc::default()));
        let mut counts = UnstoredCounts::default();
        rejected(2, &lost).refuse(Refusal::Busy, &mut counts);
        rejected(3, &lost).forget();
        let placed = Placed { statuses: Vec::new() };
        let outcomes = rejected(1, &lost).settle(&placed, &DroppedFields::default());
        assert_eq!(outcomes, [Outcome::Rejected(Reason::Malformed)]);
        assert!(lost.take().is_empty());
        drop(rejected(2, &lost));
        assert_eq!(lost.take(), [("atomic", 2)].into());
    }

    #[test]
    fn arrivals_are_counted_if_a_panic_drops_them() {
        let lost = Arc::new(LostArrivals::new(Arc::default()));
        let panicking = Arc::clone(&lost);
        let panicked = std::thread::spawn(move || {
            let _arrivals = rejected(1, &panicking);
            panic!("on purpose");
        });
        panicked.join().unwrap_err();
        assert_eq!(lost.take(), [("atomic", 1)].into());
    }

    #[test]
    fn where_and_why_is_counted_and_programs_are_not_without_end() {
        let lost = Arc::new(LostArrivals::new(Arc::default()));
        let mut arrivals = Arrivals::new(&lost);
        let event = |reason, property| RejectedEvent {
            reason,
            catalog: 3,
            event: Some("run.it"),
            property,
        };
        let missing = event(Reason::MissingProperty, Some(("shell", "choice")));
        for number in 0..3 * limits::REJECTED_COUNTS {
            let program = format!("1.{number}");
            let at = RejectedAt { program: Some(&program), ..AT };
            arrivals.reject(&missing, at);
            arrivals.reject(&event(Reason::TooOld, None), AT);
        }
        let counts = &arrivals.rejected;
        assert!(counts.len() <= limits::REJECTED_COUNTS + 2, "{}", counts.len());
        assert_eq!(
            counts.iter().map(|known| known.count).sum::<u64>(),
            6 * limits::REJECTED_COUNTS as u64
        );
        let first = (counts[0].path.as_str(), counts[0].kind, counts[0].catalog);
        assert_eq!(first, ("run.it.shell", "choice", 3));
        assert_eq!((counts[0].program.as_deref(), counts[0].count), (Some("1.0"), 1));
        assert_eq!((counts[1].path.as_str(), counts[1].kind), ("run.it", ""));
        arrivals.forget();
    }
}
