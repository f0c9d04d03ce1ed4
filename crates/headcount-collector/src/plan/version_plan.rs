//! One version of a catalog in one dialect.

use headcount_catalog::{Catalog, Source};
use headcount_wire::flat::{BodyForm, DialectNames};

use super::columns::Columns;
use super::event_plan::EventPlan;
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
    /// Sorted by name.
    pub(super) events: Vec<EventPlan>,
}

/// The keys of the line that one version of a catalog has, each once. A key's
/// number is its place.
#[derive(Debug)]
pub(super) struct Keys {
    holder: &'static str,
    keys: Vec<String>,
}

impl Keys {
    fn of(catalog: &Catalog) -> Self {
        let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
        let mut all = Self { holder, keys: Vec::new() };
        for entry in catalog.envelope.iter().filter(|entry| entry.source != Source::Properties) {
            all.add(entry.key.to_owned());
        }
        for property in catalog.events.iter().flat_map(|event| event.properties) {
            all.add(all.key_of_property(property.name));
        }
        all
    }

    fn add(&mut self, key: String) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    fn key_of_property(&self, name: &str) -> String {
        if self.holder.is_empty() { name.to_owned() } else { format!("{}.{name}", self.holder) }
    }

    /// The number of a key. A key that is not there has a number that no field
    /// has.
    pub(super) fn number(&self, key: &str) -> u16 {
        let place = self.keys.iter().position(|known| known == key);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
    }

    pub(super) fn number_of_property(&self, name: &str) -> u16 {
        self.number(&self.key_of_property(name))
    }

    /// The names under which the keys may come in a dialect.
    fn names(&self, names: &DialectNames<'_>) -> Vec<(String, u16)> {
        let of_key = |(key, number): (&String, u16)| {
            names.names_of(key).into_iter().map(move |name| (name, number))
        };
        self.keys.iter().zip(0..).flat_map(of_key).collect()
    }
}

impl VersionPlan {
    /// `versions` are all versions of the catalog, the newest first. `place`
    /// returns the place of an event in the schema.
    pub(super) fn new(
        catalog: &Catalog,
        versions: &[Catalog],
        form: BodyForm,
        columns: &mut Columns,
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
        Self {
            catalog: *catalog,
            names: NameTable::new(keys.names(&DialectNames::new(form, catalog))),
            keys: keys.keys.len(),
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
