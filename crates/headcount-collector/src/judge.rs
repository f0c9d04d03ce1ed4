//! From an unchecked event to what is stored, or to the reason why not: the catalog's judgement, the rules of
//! time and identity. Pure.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Checked, Day, DroppedField, EventId, Reason, Unchecked};
use headcount_store::EventRow;

use crate::columns;
use crate::limits;
use crate::pseudonym::Pseudonyms;
use crate::registry::LoadedProduct;

/// Who judges the events of one request.
pub(crate) struct Judge<'a> {
    pub(crate) product: &'a LoadedProduct,
    pub(crate) pseudonyms: &'a Pseudonyms,
    /// The day of arrival; nothing finer of it is kept.
    pub(crate) today: Day,
}

/// An event that its catalog allows.
pub(crate) struct AllowedEvent {
    pub(crate) row: EventRow<'static>,
    /// Fields that are not in the row, because the catalog does not know or allow them.
    pub(crate) dropped: Vec<DroppedField>,
}

impl Judge<'_> {
    /// What is stored of an event that says of itself what `unchecked` does, under a catalog's names.
    /// One that has no id gets the one that `name` gives it on its day, if any.
    pub(crate) fn judge<'c>(
        &self,
        unchecked: impl Fn(&Catalog) -> Result<Cow<'c, Unchecked<'c>>, Reason>,
        name: impl FnOnce(&Checked, Day) -> Option<EventId>,
    ) -> Result<AllowedEvent, Reason> {
        let (catalog, checked) = self.product.check(unchecked)?;
        let day = self.day(&checked);
        let id = checked.id.or_else(|| name(&checked, day)).ok_or(Reason::MissingId)?;
        self.in_time(catalog, day)?;
        let product = catalog.product.name;
        let row = EventRow {
            product,
            day,
            id,
            event: checked.event.name,
            device: columns::device(catalog, &checked, self.pseudonyms),
            columns: columns::of(catalog, &checked, self.pseudonyms),
        };
        Ok(AllowedEvent { row, dropped: checked.dropped })
    }

    /// The event's own day: what its time claims, else its version-7 id's, else arrival's.
    fn day(&self, checked: &Checked) -> Day {
        let unchecked = checked.time.map(headcount_catalog::Time::day);
        unchecked.or_else(|| checked.id?.day()).unwrap_or(self.today)
    }

    /// An event is rejected rather than moved where its day is too far away: the same event sent
    /// again would be moved to another day, and duplicates are found within a day.
    fn in_time(&self, catalog: &Catalog, day: Day) -> Result<(), Reason> {
        if day < self.today.plus(-i32::from(catalog.retention.raw.0)) {
            Err(Reason::TooOld)
        } else if day > self.today.plus(limits::DAYS_AHEAD) {
            Err(Reason::InTheFuture)
        } else {
            Ok(())
        }
    }
}
