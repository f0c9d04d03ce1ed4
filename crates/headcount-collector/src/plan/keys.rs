//! The keys of the line that one version of a catalog has, by number.

use headcount_catalog::{Catalog, Source};
use headcount_wire::flat::DialectNames;

/// The keys of the line that one version of a catalog has, each once. A key's
/// number is its place.
#[derive(Debug)]
pub(super) struct Keys {
    holder: &'static str,
    keys: Vec<String>,
}

impl Keys {
    pub(super) fn of(catalog: &Catalog) -> Self {
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

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
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
    pub(super) fn names(&self, names: &DialectNames<'_>) -> Vec<(String, u16)> {
        let of_key = |(key, number): (&String, u16)| {
            names.names_of(key).into_iter().map(move |name| (name, number))
        };
        self.keys.iter().zip(0..).flat_map(of_key).collect()
    }
}
