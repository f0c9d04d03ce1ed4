//! The fast judge from a body to rows, without a collector around it: for
//! `examples/judge_speed.rs`.

use std::sync::Arc;

use headcount_catalog::{Catalog, Day};
use headcount_wire::flat::{BodyEvent, BodyForm, Budget, Scratch, each};
use headcount_wire::native::BatchHead;
use headcount_wire::{HomeLifetime, Rate};

use super::{Missing, PlanState, ProductPlans};
use crate::arrival::Arrivals;
use crate::desks::Desk;
use crate::lost_arrivals::LostArrivals;
use crate::pseudonym::{Pseudonyms, RecentPseudonyms};
use crate::request_judge::{Hearing, RequestJudge};
use crate::secret::Secret;

/// Judges bodies of one product on one day.
pub struct FastJudge {
    plans: ProductPlans,
    pseudonyms: Pseudonyms,
    today: Day,
    desk: Desk,
    lost: Arc<LostArrivals>,
}

impl FastJudge {
    /// `versions` are all versions of the catalog, the newest first.
    #[must_use]
    pub fn new(versions: Vec<Catalog>, today: Day) -> Self {
        Self {
            plans: ProductPlans::new(versions),
            pseudonyms: Pseudonyms::under(&Secret::of(7)),
            today,
            desk: Desk { state: PlanState::default(), recent: RecentPseudonyms::new() },
            lost: Arc::new(LostArrivals::new(Arc::default())),
        }
    }

    /// Reads and judges a body. Returns the number of rows for the store.
    pub fn judge(&mut self, form: BodyForm, body: &[u8]) -> usize {
        let plan = self.plans.plan(form);
        let batch = BatchHead { rate: Rate::WHOLE, home: HomeLifetime::Lasting };
        let hearing =
            Hearing { pseudonyms: &self.pseudonyms, today: self.today, expected: None, batch };
        let scratch = Scratch::new();
        let arrivals = Arrivals::new(&self.lost);
        let mut judge = RequestJudge::new(hearing, &mut self.desk, arrivals);
        let read = each(form, body, &scratch, &mut Budget::of_body(), &mut |arrived| {
            if let BodyEvent::Event(event) = arrived {
                let _ = judge.judge(plan, event, Missing::Set);
            }
        });
        let arrivals = judge.finish();
        let rows = arrivals.rows.iter().map(headcount_store::DayRows::len).sum();
        arrivals.forget();
        if read.is_ok() { rows } else { 0 }
    }

    /// Reads a body and judges nothing. Returns the number of events.
    #[must_use]
    pub fn read(form: BodyForm, body: &[u8]) -> usize {
        let (scratch, mut events) = (Scratch::new(), 0);
        let _ = each(form, body, &scratch, &mut Budget::of_body(), &mut |_| events += 1);
        events
    }

    /// Makes the pseudonyms of devices: by the table of the recent ones, or
    /// each anew.
    pub fn pseudonyms<'i>(&mut self, ids: impl Iterator<Item = &'i str>, anew: Anew) -> u8 {
        use crate::pseudonym::IdKind::Device;
        let make = |id| match anew {
            Anew::Each => self.pseudonyms.make(Device, "atomic", id),
            Anew::IfNotRecent => self.desk.recent.make(&self.pseudonyms, Device, "atomic", id),
        };
        ids.map(make).fold(0, |all, pseudonym| all ^ pseudonym.bytes()[0])
    }
}

/// Which pseudonyms are made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    /// Each.
    Each,
    /// Those that were not made a short while ago.
    IfNotRecent,
}
