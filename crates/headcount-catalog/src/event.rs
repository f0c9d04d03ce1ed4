//! One event a product may report.

use crate::Property;

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
    /// The word this event has for an envelope constant.
    #[must_use]
    pub fn constant(&self, key: &str, otherwise: &'static str) -> &'static str {
        self.restated.iter().find(|(name, _)| *name == key).map_or(otherwise, |(_, word)| word)
    }
}
