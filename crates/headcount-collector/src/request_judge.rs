//! Judges the events of one request: by the plans of their products. Fills the
//! rows that the store takes.

mod content_id;

use headcount_catalog::{Day, EventId, Reason, Time};
use headcount_store::{CellRef, DayRows, RowDevice, RowHead, RowMarks};
use headcount_wire::HomeLifetime;
use headcount_wire::flat::FlatEvent;
use headcount_wire::native::BatchHead;

use crate::arrival::{Arrivals, RejectedAt};
use crate::desks::Desk;
use crate::plan::{AllowedEvent, Draft, DraftCell, Missing, Plan, RejectedEvent};
use crate::pseudonym::{IdKind, Pseudonyms};
use content_id::{ContentIds, Kept};

/// What the events of one request are judged by, besides their catalogs.
#[derive(Clone, Copy)]
pub(crate) struct Hearing<'a> {
    pub(crate) pseudonyms: &'a Pseudonyms,
    /// The day of arrival, UTC. Nothing finer is kept.
    pub(crate) today: Day,
    /// The day that it should be, if the clock is in doubt.
    pub(crate) expected: Option<Day>,
    pub(crate) batch: BatchHead,
}

/// Judges the events of one request. `'b` is the body.
pub(crate) struct RequestJudge<'a, 'b> {
    hearing: Hearing<'a>,
    desk: &'a mut Desk,
    draft: Draft<'b>,
    content_ids: ContentIds,
    arrivals: Arrivals,
}

impl<'a, 'b> RequestJudge<'a, 'b> {
    pub(crate) fn new(hearing: Hearing<'a>, desk: &'a mut Desk, arrivals: Arrivals) -> Self {
        desk.state.begin_body();
        let (draft, content_ids) = (Draft::default(), ContentIds::default());
        Self { hearing, desk, draft, content_ids, arrivals }
    }

    /// Judges the next event.
    ///
    /// # Errors
    ///
    /// Returns the system's error if it gives no random bits for an id. Then
    /// the event has no verdict.
    pub(crate) fn judge(
        &mut self,
        plan: &Plan,
        event: &FlatEvent<'b>,
        missing: Missing,
    ) -> Result<(), getrandom::Error> {
        let Hearing { today, .. } = self.hearing;
        let (state, draft) = (&mut self.desk.state, &mut self.draft);
        let judged = plan.judge(event, missing, today, state, draft);
        if let Some(expected) = self.hearing.expected {
            self.hear_of_clock(plan, event, missing, (judged.as_ref().err(), expected));
        }
        match judged {
            Ok(allowed) => self.allow(plan, event, allowed),
            Err(rejected) => {
                let program = plan.program(event, &mut self.desk.state);
                self.arrivals
                    .reject(&rejected, RejectedAt { product: plan.product, today, program });
                Ok(())
            }
        }
    }

    /// Rejects something that is not an event, or is one of no product.
    pub(crate) fn reject(&mut self, plan: &Plan, reason: Reason) {
        let at = RejectedAt { product: plan.product, today: self.hearing.today, program: None };
        self.arrivals.reject(&plan.rejected(reason), at);
    }

    /// All judged events.
    pub(crate) fn finish(self) -> Arrivals {
        self.arrivals
    }

    /// Notes what an event says of a clock that is in doubt: its day, and
    /// whether it is rejected by nothing else.
    #[cold]
    fn hear_of_clock(
        &mut self,
        plan: &Plan,
        event: &FlatEvent<'b>,
        missing: Missing,
        (why, expected): (Option<&RejectedEvent>, Day),
    ) {
        let (state, draft) = (&mut self.desk.state, &mut self.draft);
        let is_by_day =
            why.is_some_and(|why| matches!(why.reason, Reason::TooOld | Reason::InTheFuture));
        let day = draft.time.map(Time::day).or_else(|| draft.id.and_then(EventId::day));
        let of_clock = &mut self.arrivals.of_clock;
        if let Some(day) = day.filter(|_| is_by_day || why.is_none()) {
            of_clock.add(day, plan.product, draft.device.or(event.given.device));
        }
        if is_by_day && plan.judge(event, missing, expected, state, draft).is_ok() {
            of_clock.is_rejected_by_doubt = true;
        }
    }

    fn allow(
        &mut self,
        plan: &Plan,
        event: &FlatEvent<'b>,
        allowed: AllowedEvent,
    ) -> Result<(), getrandom::Error> {
        let AllowedEvent { day, .. } = allowed;
        let id = match (self.draft.id, self.draft.sent) {
            (Some(id), _) => id,
            (None, Some(sent)) => self.id_of_content(plan, event, allowed, sent),
            (None, None) => {
                // Two separate events may say the same, and neither says when.
                let mut random = [0; 16];
                getrandom::fill(&mut random)?;
                EventId::new(day, random)
            }
        };
        let rows = self.rows(plan, day);
        self.push(plan, id, allowed, rows);
        self.arrivals.allow(plan.product, rows);
        let at = RejectedAt {
            product: plan.product,
            today: self.hearing.today,
            program: self.draft.program,
        };
        for dropped in &self.draft.dropped {
            let (reason, property) = (dropped.reason, dropped.property);
            let (catalog, event) = (allowed.catalog, Some(allowed.event));
            self.arrivals.drop_field(&RejectedEvent { reason, catalog, event, property }, at);
        }
        Ok(())
    }

    /// Names an event that came without an id by what it says. Of somebody
    /// else's program, only by what is kept: nothing else gets to the disk, not
    /// as a hash either.
    fn id_of_content(
        &mut self,
        plan: &Plan,
        event: &FlatEvent<'b>,
        allowed: AllowedEvent,
        sent: Time,
    ) -> EventId {
        let device = self.draft.device.or(event.given.device);
        let pseudonyms = self.hearing.pseudonyms;
        let said = (allowed.event, sent, device);
        let ids = &mut self.content_ids;
        let bits = match plan.observed() {
            Some(program) => {
                let kept = Kept { event, draft: &self.draft, told_apart_by: program.told_apart_by };
                ids.id_of_kept(pseudonyms, plan.product, &kept, said)
            }
            None => ids.id(pseudonyms, plan.product, event, said),
        };
        EventId::new(allowed.day, bits)
    }

    /// The place of the rows of a product and day.
    fn rows(&mut self, plan: &Plan, day: Day) -> usize {
        let all = &mut self.arrivals.rows;
        let is_wanted = |rows: &DayRows| {
            rows.day() == day && std::sync::Arc::ptr_eq(rows.schema(), &plan.schema)
        };
        // Most requests have one day, and most events that of the one before.
        match all.iter().rposition(is_wanted) {
            Some(place) => place,
            None => {
                all.push(DayRows::new(std::sync::Arc::clone(&plan.schema), day));
                all.len() - 1
            }
        }
    }

    fn push(&mut self, plan: &Plan, id: EventId, allowed: AllowedEvent, rows: usize) {
        let Hearing { pseudonyms, batch, .. } = self.hearing;
        let (product, draft, recent) = (plan.product, &self.draft, &mut self.desk.recent);
        let device = draft.device.map(|id| recent.make(pseudonyms, IdKind::Device, product, id));
        let (device, marks) = match (batch.home, device) {
            (HomeLifetime::Lasting, device) => {
                let marks = RowMarks::new(draft.periods.iter().copied(), draft.age);
                (device.map_or(RowDevice::None, RowDevice::Counted), marks)
            }
            // A home that is thrown away is not a person, with an id or
            // without.
            (HomeLifetime::Ephemeral, device) => {
                (device.map_or(RowDevice::None, RowDevice::Ephemeral), RowMarks::default())
            }
        };
        let head = RowHead { event: allowed.place, weight: batch.rate.weight(), marks, device };
        let cells = draft.cells.iter().map(|(column, cell)| {
            let cell = match *cell {
                DraftCell::Flag(flag) => CellRef::Flag(flag),
                DraftCell::Number(number) => CellRef::Number(number),
                DraftCell::Decimal(decimal) => CellRef::Decimal(decimal),
                DraftCell::Word(code) => CellRef::Word(code),
                DraftCell::Words(first, end) => CellRef::Words(&draft.words[first..end]),
                DraftCell::Text(text) => CellRef::Text(text),
                DraftCell::Texts(first, end) => CellRef::Texts(&draft.texts[first..end]),
                DraftCell::Id(kind, id) => {
                    CellRef::Pseudonym(recent.make(pseudonyms, kind, product, id))
                }
                DraftCell::Seconds(seconds) => CellRef::Seconds(seconds),
            };
            (*column, cell)
        });
        self.arrivals.rows[rows].push(id, head, cells);
    }
}
