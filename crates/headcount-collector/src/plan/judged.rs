//! Judges one event by a plan: by its catalogs, its id and its day.

use headcount_catalog::{Day, Kind, ObservedProgram, Reason};
use headcount_wire::flat::{FlatEvent, FlatField, FlatValue, NameNumber, SentTime};

use super::draft::{Draft, RejectedEvent};
use super::event_plan::{EventPlan, is_over};
use super::name_table::NamePlace;
use super::product_plans::Plan;
use super::version_plan::VersionPlan;
use crate::limits;

/// Where no field is.
const NOWHERE: u16 = u16::MAX;

/// The key of a name that has not been looked up in this body.
const UNKNOWN: u16 = u16::MAX - 1;

/// What a judge of events uses again for each of them.
#[derive(Debug, Default)]
pub(crate) struct PlanState {
    /// The keys of the numbered names of the body that is judged, in the
    /// version at this address.
    key_of_name: Vec<u16>,
    version: usize,
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
            match version.check(event, state, draft) {
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
        let why = why.unwrap_or(self.rejected(Reason::UnknownEvent));
        match (why.reason, self.versions.first()) {
            (Reason::UnknownEvent, Some(newest)) => {
                Err(RejectedEvent { reason: newest.catalog.reason_of_unknown_events(), ..why })
            }
            _ => Err(why),
        }
    }

    /// The program, if it is somebody else's.
    pub(crate) fn observed(&self) -> Option<ObservedProgram> {
        self.versions.first().and_then(|newest| newest.catalog.observed)
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
    /// Forgets what is true of one body only. It has to be called before the
    /// first event of a body is judged.
    pub(crate) fn begin_body(&mut self) {
        self.version = 0;
    }

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
        let address = std::ptr::from_ref(version).addr();
        if self.version != address {
            self.version = address;
            self.key_of_name.clear();
            self.key_of_name.resize(NameNumber::COUNT, UNKNOWN);
        }
        let mut place = version.names.start();
        // An event has at most `limits::FIELDS` fields, so the number fits.
        for (field, number) in event.fields.iter().zip(0_u16..) {
            let key = self.key(version, field, &mut place);
            let Some(first) = self.field_of_key.get_mut(usize::from(key)) else { continue };
            if *first == NOWHERE {
                *first = number;
                self.keys.push(key);
            }
        }
    }

    /// The number of the key that a field stands for; [`NOWHERE`] if no key has
    /// its name.
    #[inline(always)]
    fn key(&mut self, version: &VersionPlan, field: &FlatField<'_>, place: &mut NamePlace) -> u16 {
        let number = field.number.get();
        match self.key_of_name.get(number) {
            Some(key) if *key != UNKNOWN => *key,
            _ => self.find_key(version, field, place),
        }
    }

    #[inline(never)]
    fn find_key(
        &mut self,
        version: &VersionPlan,
        field: &FlatField<'_>,
        place: &mut NamePlace,
    ) -> u16 {
        let key = version.names.key(field, place).unwrap_or(NOWHERE);
        if field.number != NameNumber::NONE {
            self.key_of_name[field.number.get()] = key;
        }
        key
    }

    #[inline(always)]
    pub(super) fn value<'e, 'b>(
        &self,
        event: &'e FlatEvent<'b>,
        key: u16,
    ) -> Option<&'e FlatValue<'b>> {
        let field = *self.field_of_key.get(usize::from(key))?;
        event.fields.get(usize::from(field)).map(|field| &field.value)
    }
}

impl VersionPlan {
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
