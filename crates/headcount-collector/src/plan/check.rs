//! Checks one event against one version of a catalog: what
//! [`Catalog::check`](headcount_catalog::Catalog::check) does, by a plan.

use headcount_catalog::{Age, EventId, Kind, Period, Reason, Reference, Time};
use headcount_wire::flat::{BodyForm, FlatEvent, FlatValue};

use super::draft::{Draft, DraftCell, RejectedEvent};
use super::event_plan::{EventPlan, Given, Step, What, is_over};
use super::judged::PlanState;
use super::version_plan::VersionPlan;
use crate::pseudonym::IdKind;

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
    pub(super) fn check<'b>(
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

    pub(super) fn rejected(&self, plan: &EventPlan, reason: Reason) -> RejectedEvent {
        RejectedEvent {
            reason,
            catalog: self.catalog.version,
            event: Some(plan.event.name),
            property: None,
        }
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
