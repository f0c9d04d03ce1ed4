//! What can be asked for: an event, or a property of one.

use headcount_catalog::Catalog;

/// An event, or a property of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    pub(crate) event: String,
    /// `None` for the event itself.
    pub(crate) property: Option<String>,
}

impl Subject {
    pub(crate) fn event(event: &str) -> Self {
        Self { event: event.to_owned(), property: None }
    }

    pub(crate) fn property(event: &str, property: &str) -> Self {
        Self { event: event.to_owned(), property: Some(property.to_owned()) }
    }

    /// Every one of a catalog.
    pub(super) fn all(catalog: &Catalog) -> impl Iterator<Item = Self> {
        catalog.events.iter().flat_map(|event| {
            let properties = event.properties.iter();
            let properties = properties.map(|property| Self::property(event.name, property.name));
            std::iter::once(Self::event(event.name)).chain(properties)
        })
    }
}
