//! One event a product may report.

use crate::{Kind, Property};

/// An event of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event {
    /// Its name, as it stands on a line: `cli.command_invoked`.
    pub name: &'static str,
    /// The question it answers.
    pub why: &'static str,
    /// Who looks after it.
    pub owner: &'static str,
    /// The property that serves as this event's id, where it has no id of its
    /// own.
    pub id: Option<&'static str>,
    /// Its own path at the destination.
    pub path: Option<&'static str>,
    /// Envelope constants it restates: key and word.
    pub restated: &'static [(&'static str, &'static str)],
    /// What it says.
    pub properties: &'static [Property],
}

impl Event {
    /// The property of this name and its place.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<(usize, &'static Property)> {
        self.properties.iter().enumerate().find(|(_, property)| property.name == name)
    }

    /// The properties a host must or may give: all but constants and counts of
    /// others, which follow by themselves.
    pub fn given(&self) -> impl Iterator<Item = (usize, &'static Property)> {
        self.properties
            .iter()
            .enumerate()
            .filter(|(_, property)| !matches!(property.kind, Kind::Constant(_) | Kind::CountOf(_)))
    }

    /// The word this event has for an envelope constant.
    #[must_use]
    pub fn constant(&self, key: &str, otherwise: &'static str) -> &'static str {
        self.restated.iter().find(|(name, _)| *name == key).map_or(otherwise, |(_, word)| word)
    }
}
