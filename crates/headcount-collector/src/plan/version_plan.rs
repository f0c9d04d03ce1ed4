//! One version of a catalog in one dialect.

use headcount_catalog::{Catalog, Source};
use headcount_wire::flat::{BodyForm, DialectNames};

use super::columns::Columns;
use super::event_plan::EventPlan;
use super::keys::Keys;
use super::name_table::NameTable;

/// One version of a catalog in one dialect.
#[derive(Debug)]
pub(super) struct VersionPlan {
    pub(super) catalog: Catalog,
    pub(super) names: NameTable,
    /// How many keys there are.
    pub(super) keys: usize,
    /// The number of the key with the event's name.
    pub(super) event_key: Option<u16>,
    /// The number of the key with the host's version.
    pub(super) version_key: Option<u16>,
    /// Whether numbers and flags may be sent as text.
    pub(super) has_numbers_in_text: bool,
    /// Sorted by name.
    pub(super) events: Vec<EventPlan>,
}

impl VersionPlan {
    /// `versions` are all versions of the catalog, the newest first. `place`
    /// returns the place of an event in the schema.
    pub(super) fn new(
        catalog: &Catalog,
        versions: &[Catalog],
        form: BodyForm,
        columns: &Columns,
        place: impl Fn(&str) -> u16,
    ) -> Self {
        let keys = Keys::of(catalog);
        let key_of = |wanted: fn(&Source) -> bool| Some(keys.number(catalog.key_of(wanted)?));
        let mut events = Vec::with_capacity(catalog.events.len());
        for event in catalog.events {
            let newest = versions.iter().find_map(|catalog| catalog.event(event.name));
            let newest = newest.unwrap_or(event);
            let place = place(event.name);
            events.push(EventPlan::new(catalog, event, newest, place, columns, &keys));
        }
        events.sort_by_key(|plan| plan.event.name);
        let names = DialectNames::new(form, catalog);
        Self {
            catalog: *catalog,
            has_numbers_in_text: names.has_numbers_in_text(),
            names: NameTable::new(keys.names(&names)),
            keys: keys.len(),
            event_key: key_of(|source| matches!(source, Source::Event)),
            version_key: key_of(|source| matches!(source, Source::Version)),
            events,
        }
    }

    pub(super) fn event(&self, name: &str) -> Option<&EventPlan> {
        let place = self.events.binary_search_by(|plan| plan.event.name.cmp(name)).ok()?;
        self.events.get(place)
    }
}
