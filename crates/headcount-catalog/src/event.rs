//! An event that a product may report.

use crate::{Day, HookEvent, Kind, Property};

/// An event of the catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The name on the line: `cli.command_invoked`.
    pub name: &'static str,
    /// The question that it answers.
    pub why: &'static str,
    /// Who is responsible for it.
    pub owner: &'static str,
    /// The name of its purpose.
    pub purpose: &'static str,
    /// The last day on which it is recorded.
    pub expires: Option<Day>,
    /// The property that is the id of the event, if the event does not use the
    /// envelope's `event-id`.
    pub id: Option<&'static str>,
    /// The path at the destination, if the event has its own.
    pub path: Option<&'static str>,
    /// The envelope constants that the event changes: key and word.
    pub restated: &'static [(&'static str, &'static str)],
    /// Pairs of properties, or of a property and an entry of the envelope, that
    /// are counted together. They change nothing that is reported.
    pub across: &'static [(&'static str, &'static str)],
    /// What hooks of coding agents record it for, if they do. It changes
    /// nothing that is reported.
    pub hook: Option<HookEvent>,
    /// The properties, in the order of the line.
    pub properties: &'static [Property],
}

impl Event {
    /// Returns the property with this name, and its place.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<(usize, &'static Property)> {
        self.properties.iter().enumerate().find(|(_, property)| property.name == name)
    }

    /// Returns the property that says whether what the event reports failed,
    /// and its place: the one with a `failure`, otherwise an exit code, which
    /// fails if it is not 0.
    #[must_use]
    pub fn failure(&self) -> Option<(usize, &'static Property)> {
        let mut all = self.properties.iter().enumerate();
        let named = all.clone().find(|(_, property)| !property.failure.is_empty());
        named.or_else(|| all.find(|(_, property)| property.kind == Kind::ExitCode))
    }

    /// Returns the properties that a host gives, with their places: all except
    /// constants and counts of other properties.
    pub fn given(&self) -> impl Iterator<Item = (usize, &'static Property)> {
        self.properties
            .iter()
            .enumerate()
            .filter(|(_, property)| !matches!(property.kind, Kind::Constant(_) | Kind::CountOf(_)))
    }

    /// Whether it is not recorded on this day any more.
    #[must_use]
    pub fn is_expired(&self, day: Day) -> bool {
        self.expires.is_some_and(|last| day > last)
    }

    /// Returns the word of this event for an envelope constant.
    #[must_use]
    pub fn constant(&self, key: &str, otherwise: &'static str) -> &'static str {
        self.restated.iter().find(|(name, _)| *name == key).map_or(otherwise, |(_, word)| word)
    }
}
