//! Judges one event: by its catalog, its day and its id. Returns the row to
//! store, or the reason why the event is rejected. Pure.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Checked, Day, DroppedField, Event, EventId, Reason, Unchecked};
use headcount_store::{DeviceMarks, EventRow};

use crate::columns;
use crate::limits;
use crate::pseudonym::Pseudonyms;
use crate::registry::LoadedProduct;

/// What events of one product are judged by.
pub(crate) struct Judge<'a> {
    pub(crate) product: &'a LoadedProduct,
    pub(crate) pseudonyms: &'a Pseudonyms,
    /// The day of arrival, UTC. Nothing finer is kept.
    pub(crate) today: Day,
}

/// An event that its catalog allows.
pub(crate) struct AllowedEvent {
    pub(crate) row: EventRow<'static>,
    /// Fields that are not in the row, because the catalog does not know or
    /// allow them.
    pub(crate) dropped: Vec<DroppedField>,
}

impl Judge<'_> {
    /// Judges an event. `unchecked` returns the event under the names of a
    /// catalog. `assign_id` may return an id for an event that has none.
    pub(crate) fn judge<'c>(
        &self,
        unchecked: impl Fn(&Catalog) -> Result<Cow<'c, Unchecked<'c>>, Reason>,
        assign_id: impl FnOnce(&Checked, Day) -> Option<EventId>,
    ) -> Result<AllowedEvent, Reason> {
        let (catalog, mut checked) = self.product.check(unchecked)?;
        let day = self.day(&checked);
        let id = checked.id.or_else(|| assign_id(&checked, day)).ok_or(Reason::MissingId)?;
        self.check_expiry(&mut checked, day)?;
        self.check_day(catalog, day)?;
        let product = catalog.product.name;
        let row = EventRow {
            product,
            day,
            id,
            event: checked.event.name,
            device: columns::device(catalog, &checked, self.pseudonyms),
            marks: marks(catalog, &checked),
            columns: columns::of(catalog, &checked, self.pseudonyms),
        };
        Ok(AllowedEvent { row, dropped: checked.dropped })
    }

    /// The event's own day: that of its time, else that of its version-7 id,
    /// else that of its arrival.
    fn day(&self, checked: &Checked) -> Day {
        let of_time = checked.time.map(headcount_catalog::Time::day);
        of_time.or_else(|| checked.id?.day()).unwrap_or(self.today)
    }

    /// Rejects an event after its last day, and drops properties after theirs.
    /// The catalog has done so if the event has a time; here it is done by the
    /// event's own day, and also if an older version of the catalog, without
    /// these days, has allowed the event.
    fn check_expiry(&self, checked: &mut Checked, day: Day) -> Result<(), Reason> {
        let newest = self.product.event(checked.event.name).unwrap_or(checked.event);
        if newest.is_expired(day) || checked.event.is_expired(day) {
            return Err(Reason::Expired);
        }
        let is_expired = |event: &Event, name| {
            event.property(name).is_some_and(|(_, property)| property.is_expired(day))
        };
        for (property, value) in checked.event.properties.iter().zip(&mut checked.properties) {
            let name = property.name;
            if value.is_some() && (property.is_expired(day) || is_expired(newest, name)) {
                *value = None;
                let reason = Reason::Expired;
                checked.dropped.push(DroppedField { property: Some(name), reason });
            }
        }
        Ok(())
    }

    /// Rejects an event whose day is too far away. Moving it to another day
    /// would be wrong: if the same event came again, it could be moved to yet
    /// another, and duplicates are found within a day.
    fn check_day(&self, catalog: &Catalog, day: Day) -> Result<(), Reason> {
        if day < self.today.plus(-i32::from(catalog.retention.raw.0)) {
            Err(Reason::TooOld)
        } else if day > self.today.plus(limits::DAYS_AHEAD) {
            Err(Reason::InTheFuture)
        } else {
            Ok(())
        }
    }
}

/// The marks of the event, as far as its catalog counts these periods.
fn marks(catalog: &Catalog, checked: &Checked) -> DeviceMarks {
    let counted = catalog.identity.count;
    if counted.is_empty() {
        return DeviceMarks::default();
    }
    let periods = checked.marks(catalog).filter(|period| counted.contains(period)).collect();
    DeviceMarks { periods, age: checked.age(catalog) }
}
