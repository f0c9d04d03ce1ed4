//! What a lint is, and what it looks at.

use headcount_catalog::{Catalog, Day, EnvelopeEntry, Event, Kind, Property, Source};

use crate::check::finding::Level;

/// What one lint says of one place.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::check) struct Advice {
    pub(in crate::check) level: Level,
    /// The keys that lead to the place, from the top of the file.
    pub(in crate::check) keys: Vec<String>,
    /// A sentence: what, and what to do.
    pub(in crate::check) message: String,
}

/// A lint.
pub(in crate::check) struct Lint {
    pub(in crate::check) code: &'static str,
    pub(in crate::check) name: &'static str,
    /// Why, in a few sentences.
    pub(in crate::check) explanation: &'static str,
    pub(in crate::check) find: fn(&Catalog, Day) -> Vec<Advice>,
}

pub(super) fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// The keys of a property.
pub(super) fn of_property(event: &Event, property: &Property) -> Vec<String> {
    keys(&["event", event.name, "properties", property.name])
}

/// A value that is reported, by its name and with its place.
pub(super) struct Reported {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) keys: Vec<String>,
    /// What messages call it: `` `name` of `event` ``, or of the envelope.
    pub(super) shown: String,
}

/// Everything that is reported with a kind: properties, and entries of the
/// envelope that a host sets.
pub(super) fn reported(catalog: &Catalog) -> Vec<Reported> {
    // What somebody else's program says is not its author's choice.
    if catalog.is_observed() {
        return Vec::new();
    }
    let mut all: Vec<Reported> = catalog.envelope.iter().filter_map(of_entry).collect();
    for event in catalog.events {
        all.extend(event.given().map(|(_, property)| Reported {
            name: property.name,
            kind: property.kind,
            keys: of_property(event, property),
            shown: format!("`{}` of `{}`", property.name, event.name),
        }));
    }
    all
}

fn of_entry(entry: &EnvelopeEntry) -> Option<Reported> {
    let Source::Host(kind) = entry.source else { return None };
    let shown = format!("`{}` of the envelope", entry.key);
    Some(Reported { name: entry.key, kind, keys: keys(&["envelope", entry.key]), shown })
}
