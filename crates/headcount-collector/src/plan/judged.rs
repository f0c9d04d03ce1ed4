//! Judges one event by a plan: by its catalogs, its id and its day.

use headcount_catalog::{Age, Day, EventId, Kind, Period, Reason, Reference, Time};
use headcount_wire::flat::{BodyForm, FlatEvent, FlatValue, SentTime};

use super::draft::{Draft, DraftCell, RejectedEvent};
use super::event_plan::{EventPlan, Given, Step, What, is_over};
use super::product_plans::Plan;
use super::version_plan::VersionPlan;
use crate::limits;
use crate::pseudonym::IdKind;

/// Where no field is.
const NOWHERE: u16 = u16::MAX;

/// What a judge of events uses again for each of them.
#[derive(Debug, Default)]
pub(crate) struct PlanState {
    /// For each key of the version that judges, the first field of that name.
    field_of_key: Vec<u16>,
    /// The keys that have a field.
    keys: Vec<u16>,
}

/// An event that is allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AllowedEvent {
    /// The event's place in the schema.
    pub(crate) place: u16,
    /// The event's own day.
    pub(crate) day: Day,
    /// The version of the catalog that allowed it.
    pub(crate) catalog: u32,
    /// The event's name.
    pub(crate) event: &'static str,
}

/// What becomes of an event without an id or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is rejected: in this dialect every event has both.
    Reject,
    /// The collector sets them, as the dialect's own receivers do.
    Set,
}

impl Plan {
    /// Judges an event: by the newest version that allows it. If none does, the
    /// reason is that of the newest version that has an event of this name. An
    /// older version does not allow what expired in a newer one.
    pub(crate) fn judge<'b>(
        &self,
        event: &FlatEvent<'b>,
        missing: Missing,
        today: Day,
        state: &mut PlanState,
        draft: &mut Draft<'b>,
    ) -> Result<AllowedEvent, RejectedEvent> {
        let mut why: Option<RejectedEvent> = None;
        for version in &self.versions {
            state.bind(version, event);
            match version.check(self.form, event, state, draft) {
                Ok(plan) => return version.settle(plan, event, missing, today, draft),
                Err(rejected) if rejected.reason == Reason::Expired => return Err(rejected),
                Err(rejected) => {
                    let is_first_to_know = |why: RejectedEvent| {
                        why.reason == Reason::UnknownEvent && rejected.reason != why.reason
                    };
                    if why.is_none_or(is_first_to_know) {
                        why = Some(rejected);
                    }
                }
            }
        }
        Err(why.unwrap_or(self.rejected(Reason::UnknownEvent)))
    }

    /// A rejection of something that is not an event of the product.
    pub(crate) fn rejected(&self, reason: Reason) -> RejectedEvent {
        let catalog = self.versions.first().map_or(0, |newest| newest.catalog.version);
        RejectedEvent { reason, catalog, event: None, property: None }
    }

    /// Returns the version of the program that sent an event, if it has the
    /// shape of one.
    pub(crate) fn program<'b>(
        &self,
        event: &FlatEvent<'b>,
        state: &mut PlanState,
    ) -> Option<&'b str> {
        let text = self.versions.iter().find_map(|version| {
            state.bind(version, event);
            state.value(event, version.version_key?)?.text()
        });
        let text = text.or(event.given.version)?;
        Kind::Version.fits(text).then_some(text)
    }
}

impl PlanState {
    /// Finds out which field is which key.
    fn bind(&mut self, version: &VersionPlan, event: &FlatEvent<'_>) {
        if self.field_of_key.len() == version.keys {
            for key in self.keys.drain(..) {
                self.field_of_key[usize::from(key)] = NOWHERE;
            }
        } else {
            self.keys.clear();
            self.field_of_key.clear();
            self.field_of_key.resize(version.keys, NOWHERE);
        }
        let mut place = version.names.start();
        // An event has at most `limits::FIELDS` fields, so the number fits.
        for (field, number) in event.fields.iter().zip(0_u16..) {
            if let Some(key) = version.names.key(field, &mut place) {
                let first = &mut self.field_of_key[usize::from(key)];
                if *first == NOWHERE {
                    *first = number;
                    self.keys.push(key);
                }
            }
        }
    }

    fn value<'b>(&self, event: &FlatEvent<'b>, key: u16) -> Option<FlatValue<'b>> {
        let field = *self.field_of_key.get(usize::from(key))?;
        event.fields.get(usize::from(field)).map(|field| field.value)
    }
}

/// A check in progress.
struct Check<'p, 'e, 'b> {
    version: &'p VersionPlan,
    plan: &'p EventPlan,
    form: BodyForm,
    event: &'e FlatEvent<'b>,
    state: &'e PlanState,
    /// Fields that a step has read.
    read: usize,
}

impl VersionPlan {
    /// What `Catalog::check` does.
    fn check<'b>(
        &self,
        form: BodyForm,
        event: &FlatEvent<'b>,
        state: &PlanState,
        draft: &mut Draft<'b>,
    ) -> Result<&EventPlan, RejectedEvent> {
        draft.clear();
        let unknown = RejectedEvent {
            reason: Reason::UnknownEvent,
            catalog: self.catalog.version,
            event: None,
            property: None,
        };
        let named = self.event_key.and_then(|key| state.value(event, key)?.text());
        let name = named.or(event.given.event).ok_or(unknown)?;
        let plan = self.event(name).ok_or(unknown)?;
        let mut check = Check { version: self, plan, form, event, state, read: 0 };
        for step in &plan.entries {
            check.entry(step, draft)?;
        }
        if draft.day().is_some_and(|day| is_over([plan.last_days[0], None], day)) {
            return Err(self.rejected(plan, Reason::Expired));
        }
        for step in &plan.properties {
            check.property(step, draft)?;
        }
        for _ in check.read..event.fields.len() {
            draft.drop_field(None, Reason::UnknownProperty);
        }
        if let Some(place) = plan.id {
            draft.id = plan.properties[place].column.and_then(|column| draft.id_in(column));
        }
        Ok(plan)
    }

    fn rejected(&self, plan: &EventPlan, reason: Reason) -> RejectedEvent {
        RejectedEvent {
            reason,
            catalog: self.catalog.version,
            event: Some(plan.event.name),
            property: None,
        }
    }

    /// Decides by id and day, which catalogs do not.
    ///
    /// An event whose day is too far away is rejected. Moving it to another day
    /// would be wrong: if the same event came again, it could be moved to yet
    /// another, and duplicates are found within a day. For the same reason an
    /// event is dated by its arrival only if nothing else of it could name
    /// another day when it comes again.
    fn settle(
        &self,
        plan: &EventPlan,
        event: &FlatEvent<'_>,
        missing: Missing,
        today: Day,
        draft: &mut Draft<'_>,
    ) -> Result<AllowedEvent, RejectedEvent> {
        let rejected = |reason| Err(self.rejected(plan, reason));
        if draft.id.is_none() && missing == Missing::Reject {
            return rejected(Reason::MissingId);
        }
        let is_unreadable = draft.is_time_unreadable || event.time == SentTime::Unreadable;
        let day = match (draft.day(), draft.id) {
            (Some(day), _) => day,
            (None, _) if is_unreadable || missing == Missing::Reject => {
                return rejected(Reason::MissingTime);
            }
            (None, None) => today,
            (None, Some(id)) => match id.day() {
                Some(day) => day,
                None => return rejected(Reason::MissingTime),
            },
        };
        if plan.is_expired(day) {
            return rejected(Reason::Expired);
        }
        for (place, last_days) in &plan.ending {
            let step = &plan.properties[*place];
            if is_over(*last_days, day) && draft.take(step.column) {
                draft.drop_field(Some(step.name), Reason::Expired);
            }
        }
        if day < today.plus(-i32::from(self.catalog.retention.raw.0)) {
            return rejected(Reason::TooOld);
        }
        if day > today.plus(limits::DAYS_AHEAD) {
            return rejected(Reason::InTheFuture);
        }
        let catalog = self.catalog.version;
        Ok(AllowedEvent { place: plan.place, day, catalog, event: plan.event.name })
    }
}

impl<'b> Check<'_, '_, 'b> {
    /// The value of a key, `null` included.
    fn read(&mut self, step: &Step) -> Option<FlatValue<'b>> {
        let value = self.state.value(self.event, step.key)?;
        self.read += 1;
        Some(value)
    }

    fn entry(&mut self, step: &Step, draft: &mut Draft<'b>) -> Result<(), RejectedEvent> {
        let sent = self.read(step);
        match &step.what {
            What::Nothing | What::CountOf(_) => {}
            What::Constant(code) => draft.put(step.column, DraftCell::Word(*code)),
            What::EventId => {
                let read = sent.and_then(FlatValue::text).and_then(EventId::parse);
                draft.id = read.or(self.event.given.id);
            }
            What::Time(grain) => {
                let sent = sent.filter(|value| *value != FlatValue::Null);
                let read = sent.and_then(FlatValue::text).and_then(Time::parse);
                draft.sent = read.or(self.event.given.time);
                draft.is_time_unreadable = sent.is_some() && read.is_none();
                draft.time = draft.sent.map(|time| time.cut(*grain));
                if let Some(time) = draft.time {
                    draft.put(step.column, DraftCell::Seconds(time.seconds()));
                }
            }
            What::Device | What::Value(..) | What::Marks(..) | What::Age(..) => {
                let sent = sent.filter(|value| *value != FlatValue::Null);
                let value = match sent {
                    Some(value) => self.admit(step, value, draft).map(Some),
                    None => Ok(self.given(step, draft)),
                };
                if let Some(cell) = self.settle(step, step.may_be_missing, value, draft)? {
                    self.note(step, cell, draft);
                }
            }
        }
        Ok(())
    }

    fn property(&mut self, step: &Step, draft: &mut Draft<'b>) -> Result<(), RejectedEvent> {
        let sent = self.read(step).filter(|value| *value != FlatValue::Null);
        if draft.day().is_some_and(|day| is_over([step.last_day, None], day)) {
            if sent.is_some() {
                draft.drop_field(Some(step.name), Reason::Expired);
            }
            return Ok(());
        }
        let value = match &step.what {
            What::Constant(code) => Ok(Some(DraftCell::Word(*code))),
            What::CountOf(of) => Ok(of.map(|of| DraftCell::Number(self.words_of(of, draft)))),
            _ => sent.map(|value| self.admit(step, value, draft)).transpose(),
        };
        // A value that is there is judged as ever.
        let may_be_missing = step.may_be_missing && value == Ok(None);
        if let Some(cell) = self.settle(step, may_be_missing, value, draft)? {
            draft.put(step.column, cell);
        }
        Ok(())
    }

    /// Decides whether a value is kept or dropped, or the event rejected.
    fn settle(
        &self,
        step: &Step,
        may_be_missing: bool,
        value: Result<Option<DraftCell<'b>>, Reason>,
        draft: &mut Draft<'b>,
    ) -> Result<Option<DraftCell<'b>>, RejectedEvent> {
        let reason = match value {
            Ok(Some(cell)) => return Ok(Some(cell)),
            Ok(None) if may_be_missing => return Ok(None),
            Ok(None) => Reason::MissingProperty,
            Err(reason) if step.is_optional => {
                draft.drop_field(Some(step.name), reason);
                return Ok(None);
            }
            Err(reason) => reason,
        };
        let rejected = self.version.rejected(self.plan, reason);
        Err(RejectedEvent { property: Some(step.name), ..rejected })
    }

    fn admit(
        &self,
        step: &Step,
        value: FlatValue<'b>,
        draft: &mut Draft<'b>,
    ) -> Result<DraftCell<'b>, Reason> {
        match &step.what {
            What::Value(admission, _)
                if self.form == BodyForm::Datadog && admission.may_be_quoted() =>
            {
                admission.admit(self.event, value.number_in_text(), draft)
            }
            What::Value(admission, _) | What::Marks(admission, _) | What::Age(admission, _) => {
                admission.admit(self.event, value, draft)
            }
            What::Device => {
                let text = value.text().ok_or(Reason::BadProperty)?;
                device(text).ok_or(Reason::BadProperty)
            }
            What::Nothing
            | What::Constant(_)
            | What::EventId
            | What::Time(_)
            | What::CountOf(_) => Err(Reason::BadProperty),
        }
    }

    /// The value that the dialect has in a field of its own.
    fn given(&self, step: &Step, draft: &mut Draft<'b>) -> Option<DraftCell<'b>> {
        let given = &self.event.given;
        match &step.what {
            What::Device => device(given.device?),
            What::Value(admission, place) => match place {
                Given::Nowhere => None,
                Given::Version => admission.given(given.version?),
                Given::Locale => admission.given(given.locale?),
                Given::Platform => admission.given_platform(given.platform?),
                Given::Arch => admission.given_arch(given.arch?),
                Given::Ci => given.ci.map(DraftCell::Flag),
            },
            What::Marks(_, codes) => {
                let first = draft.words.len();
                let periods = given.marks?.periods.iter();
                draft.words.extend(periods.filter_map(|period| codes[*period as usize]));
                Some(DraftCell::Words(first, draft.words.len()))
            }
            What::Age(_, codes) => {
                let age = given.marks?.age;
                let place = Age::ALL.iter().position(|known| *known == age)?;
                codes[place].map(DraftCell::Word)
            }
            _ => None,
        }
    }

    /// Puts the value of an entry where it belongs.
    fn note(&self, step: &Step, cell: DraftCell<'b>, draft: &mut Draft<'b>) {
        match (&step.what, cell) {
            (What::Device, DraftCell::Id(_, text)) => {
                draft.device = Some(text);
                return;
            }
            (What::Value(_, Given::Version), DraftCell::Text(text)) => draft.program = Some(text),
            (What::Marks(_, codes), DraftCell::Words(first, last)) => {
                let counted = self.version.catalog.identity.count;
                for (period, _) in Period::ALL {
                    let is_marked = codes[period as usize]
                        .is_some_and(|code| draft.words[first..last].contains(&code));
                    if is_marked && counted.contains(&period) {
                        draft.periods.push(period);
                    }
                }
            }
            (What::Age(_, codes), DraftCell::Word(code)) => {
                let place = codes.iter().position(|known| *known == Some(code));
                let is_counted = !self.version.catalog.identity.count.is_empty();
                draft.age = place.filter(|_| is_counted).map(|place| Age::ALL[place]);
            }
            _ => {}
        }
        draft.put(step.column, cell);
    }

    /// How many words the property at a place has.
    fn words_of(&self, place: usize, draft: &Draft<'b>) -> i64 {
        let column = self.plan.properties.get(place).and_then(|step| step.column);
        match draft.cell(column) {
            Some(DraftCell::Words(first, last)) => (last - first) as i64,
            _ => 0,
        }
    }
}

fn device(text: &str) -> Option<DraftCell<'_>> {
    let fits = Kind::Reference(Reference::Session).fits(text);
    fits.then_some(DraftCell::Id(IdKind::Device, text))
}
