//! Checks one event against one version of a catalog: what
//! [`Catalog::check`](headcount_catalog::Catalog::check) does, by a plan.

use headcount_catalog::{Age, EventId, Kind, Period, Reason, Reference, Time};
use headcount_wire::flat::{FlatEvent, FlatValue};

use super::draft::{Draft, DraftCell, RejectedEvent};
use super::event_plan::{EventPlan, Given, Step, What, is_over};
use super::judged::PlanState;
use super::version_plan::VersionPlan;

/// A check in progress.
struct Check<'p, 'e, 'b> {
    version: &'p VersionPlan,
    plan: &'p EventPlan,
    event: &'e FlatEvent<'b>,
    state: &'e PlanState,
    /// Fields that a step has read.
    read: usize,
}

impl VersionPlan {
    /// What `Catalog::check` does.
    pub(super) fn check<'b>(
        &self,
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
        let mut check = Check { version: self, plan, event, state, read: 0 };
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
            draft.drop_field(None, self.catalog.reason_of_unknown_fields());
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

/// Whether a step has a value, or what is wrong with it.
type Admitted = Result<bool, Reason>;

impl<'e, 'b> Check<'_, 'e, 'b> {
    /// The value of a key, `null` included.
    #[inline(always)]
    fn read(&mut self, step: &Step) -> Option<&'e FlatValue<'b>> {
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
                let read = sent.and_then(|sent| sent.text()).and_then(EventId::parse);
                draft.id = read.or(self.event.given.id);
            }
            What::Time(grain) => {
                let sent = sent.filter(|value| !matches!(value, FlatValue::Null));
                let read = sent.and_then(|sent| sent.text()).and_then(Time::parse);
                draft.sent = read.or(self.event.given.time);
                draft.is_time_unreadable = sent.is_some() && read.is_none();
                draft.time = draft.sent.map(|time| time.cut(*grain));
                if let Some(time) = draft.time {
                    draft.put(step.column, DraftCell::Seconds(time.seconds()));
                }
            }
            What::Device | What::Value(..) | What::Marks(..) | What::Age(..) => {
                let admitted = match sent {
                    None | Some(FlatValue::Null) => Ok(self.given(step, draft)),
                    Some(value) => self.admit(step, value, draft).map(|()| true),
                };
                self.settle(step, admitted, draft)?;
            }
        }
        Ok(())
    }

    fn property(&mut self, step: &Step, draft: &mut Draft<'b>) -> Result<(), RejectedEvent> {
        let sent = self.read(step);
        let is_sent = !matches!(sent, None | Some(FlatValue::Null));
        if step.last_day.is_some()
            && draft.day().is_some_and(|day| is_over([step.last_day, None], day))
        {
            if is_sent {
                draft.drop_field(Some(step.name), Reason::Expired);
            }
            return Ok(());
        }
        let admitted = match (&step.what, sent) {
            (What::Constant(code), _) => {
                draft.put(step.column, DraftCell::Word(*code));
                Ok(true)
            }
            (What::CountOf(of), _) => {
                let count = of.map(|of| self.words_of(of, draft));
                if let Some(count) = count {
                    draft.put(step.column, DraftCell::Number(count));
                }
                Ok(count.is_some())
            }
            (_, None | Some(FlatValue::Null)) => Ok(false),
            (_, Some(value)) => self.admit(step, value, draft).map(|()| true),
        };
        self.settle(step, admitted, draft)
    }

    /// Decides whether a value is kept or dropped, or the event rejected.
    #[inline(always)]
    fn settle(
        &self,
        step: &Step,
        admitted: Admitted,
        draft: &mut Draft<'b>,
    ) -> Result<(), RejectedEvent> {
        let reason = match admitted {
            Ok(true) => return Ok(()),
            Ok(false) if step.may_be_missing => return Ok(()),
            Ok(false) => Reason::MissingProperty,
            Err(reason) if step.is_optional => {
                draft.drop_field(Some(step.name), reason);
                return Ok(());
            }
            Err(reason) => reason,
        };
        let rejected = self.version.rejected(self.plan, reason);
        Err(RejectedEvent { property: Some(step.name), ..rejected })
    }

    /// Checks a value and puts it where it belongs.
    #[inline(always)]
    fn admit(
        &self,
        step: &Step,
        value: &FlatValue<'b>,
        draft: &mut Draft<'b>,
    ) -> Result<(), Reason> {
        match &step.what {
            What::Value(admission, given) => {
                if self.version.has_numbers_in_text && admission.may_be_quoted() {
                    let value = value.number_in_text();
                    return admission.admit(self.event, &value, step.column, draft);
                }
                admission.admit(self.event, value, step.column, draft)?;
                if matches!(given, Given::Version) {
                    draft.program = value.text();
                }
            }
            What::Marks(admission, codes) => {
                let first = draft.words.len();
                admission.admit(self.event, value, step.column, draft)?;
                self.note_marks(codes, first, draft);
            }
            What::Age(admission, codes) => {
                admission.admit(self.event, value, step.column, draft)?;
                let code = value.text().and_then(|text| admission.code(text));
                self.note_age(codes, code, draft);
            }
            What::Device => {
                let text = value.text().ok_or(Reason::BadProperty)?;
                if !is_device(text) {
                    return Err(Reason::BadProperty);
                }
                draft.device = Some(text);
            }
            What::Nothing
            | What::Constant(_)
            | What::EventId
            | What::Time(_)
            | What::CountOf(_) => return Err(Reason::BadProperty),
        }
        Ok(())
    }

    /// Puts the value that the dialect has in a field of its own where it
    /// belongs. Returns whether there is one that is allowed.
    fn given(&self, step: &Step, draft: &mut Draft<'b>) -> bool {
        let given = &self.event.given;
        let column = step.column;
        match &step.what {
            What::Device => {
                let device = given.device.filter(|text| is_device(text));
                if device.is_some() {
                    draft.device = device;
                }
                device.is_some()
            }
            What::Value(admission, place) => match place {
                Given::Nowhere => false,
                Given::Version => {
                    let Some(version) = given.version else { return false };
                    let is_allowed = admission.given(version, column, draft);
                    if is_allowed {
                        draft.program = Some(version);
                    }
                    is_allowed
                }
                Given::Locale => {
                    given.locale.is_some_and(|locale| admission.given(locale, column, draft))
                }
                Given::Platform => {
                    let code = given.platform.and_then(|known| admission.given_platform(known));
                    put_word(column, code, draft)
                }
                Given::Arch => {
                    let code = given.arch.and_then(|known| admission.given_arch(known));
                    put_word(column, code, draft)
                }
                Given::Ci => {
                    let Some(ci) = given.ci else { return false };
                    draft.put(column, DraftCell::Flag(ci));
                    true
                }
            },
            What::Marks(_, codes) => {
                let Some(marks) = given.marks else { return false };
                let first = draft.words.len();
                let periods = marks.periods.iter();
                draft.words.extend(periods.filter_map(|period| codes[*period as usize]));
                draft.put(column, DraftCell::Words(first, draft.words.len()));
                self.note_marks(codes, first, draft);
                true
            }
            What::Age(_, codes) => {
                let age = given.marks.map(|marks| marks.age);
                let place = age.and_then(|age| Age::ALL.iter().position(|known| *known == age));
                let code = place.and_then(|place| codes[place]);
                self.note_age(codes, code, draft);
                put_word(column, code, draft)
            }
            _ => false,
        }
    }

    /// Counts the device by the marks whose codes are the last words of the
    /// draft.
    fn note_marks(
        &self,
        codes: &[Option<u16>; Period::ALL.len()],
        first: usize,
        draft: &mut Draft<'b>,
    ) {
        let counted = self.version.catalog.identity.count;
        for (period, _) in Period::ALL {
            let is_marked =
                codes[period as usize].is_some_and(|code| draft.words[first..].contains(&code));
            if is_marked && counted.contains(&period) {
                draft.periods.push(period);
            }
        }
    }

    fn note_age(
        &self,
        codes: &[Option<u16>; Age::ALL.len()],
        code: Option<u16>,
        draft: &mut Draft<'b>,
    ) {
        let place = codes.iter().position(|known| code.is_some() && *known == code);
        let is_counted = !self.version.catalog.identity.count.is_empty();
        if let Some(place) = place {
            draft.age = is_counted.then_some(Age::ALL[place]);
        }
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

fn put_word(column: Option<usize>, code: Option<u16>, draft: &mut Draft<'_>) -> bool {
    if let Some(code) = code {
        draft.put(column, DraftCell::Word(code));
    }
    code.is_some()
}

/// Whether a text may be the id of a device.
fn is_device(text: &str) -> bool {
    Kind::Reference(Reference::Session).fits(text)
}
