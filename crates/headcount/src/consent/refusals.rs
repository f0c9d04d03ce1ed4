//! Which purposes are refused, by whom, and which events that withholds: pure
//! functions of what is written.
//!
//! An event is withheld while a refusal names its purpose, a former name of
//! its purpose, or, where the person refused, the event itself: no release sets
//! it free by another name or another purpose.

use std::path::{Path, PathBuf};

use headcount_catalog::{Catalog, Event, NameMap, NameSet, Purpose};

use super::admin::Policy;
use super::written::Answers;
use crate::disk::state::State;

/// The purposes that a person refused, each with the events that it had.
pub(crate) type PurposeRefusals = NameMap<NameSet>;

/// Every refusal of a purpose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Refusals {
    /// The person's, wherever they said it: the purposes, each with the events
    /// that it had then.
    person: PurposeRefusals,
    /// The administrators': the purposes, each with the file that refuses it.
    administrators: NameMap<PathBuf>,
}

/// Who refuses a purpose or an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefusedBy<'a> {
    /// The person, by a command.
    Person,
    /// An administrator, by this file.
    Administrator(&'a Path),
}

impl Refusals {
    /// The refusals in the states of all places, and those of a policy. A
    /// refusal in any of them counts.
    pub(super) fn of<'a>(states: impl IntoIterator<Item = &'a State>, policy: Policy) -> Self {
        let mut person = PurposeRefusals::new();
        for state in states {
            for (purpose, events) in &state.refused_purposes {
                person.or_default(purpose).insert_all(events.clone());
            }
        }
        Self { person, administrators: policy.purposes }
    }

    /// Those in what was read for a decision.
    pub(super) fn read(answers: Option<&Answers>, policy: Policy) -> Self {
        Self::of(answers.into_iter().flat_map(Answers::states), policy)
    }

    /// The same, where the person refuses these purposes too.
    pub(crate) fn and(mut self, purposes: &[&'static Purpose]) -> Self {
        for purpose in purposes {
            self.person.or_default(purpose.name);
        }
        self
    }

    /// Whether nothing is refused.
    pub(crate) fn is_empty(&self) -> bool {
        self.person.is_empty() && self.administrators.is_empty()
    }

    /// Who refuses a purpose; an administrator before the person.
    pub(crate) fn of_purpose(&self, purpose: &Purpose) -> Option<RefusedBy<'_>> {
        self.of_names(purpose.names())
    }

    /// Who refuses an event of this catalog.
    pub(crate) fn of_event(&self, catalog: &Catalog, event: &Event) -> Option<RefusedBy<'_>> {
        let of_purpose = self.of_names(catalog.purpose_names(event));
        of_purpose.or_else(|| self.names_event(event.name).then_some(RefusedBy::Person))
    }

    /// Whether a record of the event with this name is withheld, also where
    /// the catalog does not have it any more.
    pub(crate) fn withholds(&self, catalog: &Catalog, event: &str) -> bool {
        match catalog.event(event) {
            Some(event) => self.of_event(catalog, event).is_some(),
            None => self.names_event(event),
        }
    }

    /// The events of this catalog that are withheld.
    pub(crate) fn withheld(&self, catalog: &Catalog) -> Vec<&'static str> {
        if self.is_empty() {
            return Vec::new();
        }
        let events = catalog.events.iter();
        let withheld = events.filter(|event| self.of_event(catalog, event).is_some());
        withheld.map(|event| event.name).collect()
    }

    /// The refused names that are not, and were not, purposes of this catalog,
    /// with who refuses them.
    pub(crate) fn strangers<'a>(
        &'a self,
        catalog: &'a Catalog,
    ) -> impl Iterator<Item = (&'a str, RefusedBy<'a>)> {
        let person = self.person.keys().map(|name| (name, RefusedBy::Person));
        let administrators = self.administrators.iter();
        let administrators =
            administrators.map(|(name, path)| (name.as_str(), RefusedBy::Administrator(path)));
        let all = person.chain(administrators);
        all.filter(|(name, _)| catalog.purpose(name).is_none())
    }

    /// Those of the person.
    pub(super) fn of_person(&self) -> &PurposeRefusals {
        &self.person
    }

    /// Whether the person has refused a purpose of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.person.contains_key(name)
    }

    fn of_names<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<RefusedBy<'_>> {
        let mut by_person = None;
        for name in names {
            if let Some(path) = self.administrators.get(name) {
                return Some(RefusedBy::Administrator(path));
            }
            if self.person.contains_key(name) {
                by_person = Some(RefusedBy::Person);
            }
        }
        by_person
    }

    fn names_event(&self, event: &str) -> bool {
        self.person.values().any(|events| events.contains(event))
    }
}
