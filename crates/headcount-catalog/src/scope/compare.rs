//! Compares two scopes. Consent and `diff` use the same comparison.

use std::fmt;

use super::{Extent, Scope};
use crate::{NameMap, Rotation, Scheme};

/// A difference between two scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whether more or less is collected.
    pub direction: Direction,
    sentence: String,
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is collected, it is sent to more hosts, or it is kept longer.
    Widens,
    /// Less is collected, it is sent to fewer hosts, or it is kept shorter.
    Narrows,
}

impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl Scope {
    /// Returns every difference between this scope and a later one.
    #[must_use]
    pub fn compare(&self, later: &Self) -> Vec<Change> {
        let mut changes = Changes(Vec::new());
        for (name, properties) in &later.events {
            match self.events.get(name) {
                None => changes.widens(format!("the event `{name}` is new")),
                Some(before) => changes.extents(&format!(" of `{name}`"), before, properties),
            }
        }
        for name in self.events.keys().filter(|name| !later.events.contains_key(name)) {
            changes.narrows(format!("the event `{name}` is removed"));
        }
        self.compare_until(later, &mut changes);
        changes.extents(" of every event", &self.envelope, &later.envelope);
        for host in later.hosts.difference(&self.hosts) {
            changes.widens(format!("events also go to {host}"));
        }
        for host in self.hosts.difference(&later.hosts) {
            changes.narrows(format!("events no longer go to {host}"));
        }
        self.compare_identity(later, &mut changes);
        self.compare_marks(later, &mut changes);
        changes.number(
            "unsent records stay on the machine",
            "days",
            self.on_machine.0,
            later.on_machine.0,
        );
        changes.number("raw events are kept", "days", self.raw.0, later.raw.0);
        changes.0
    }

    /// Whether `later` collects nothing that this scope does not allow.
    #[must_use]
    pub fn allows(&self, later: &Self) -> bool {
        self.compare(later).iter().all(|change| change.direction == Direction::Narrows)
    }

    /// Compares how long events and properties of both are recorded.
    fn compare_until(&self, later: &Self, changes: &mut Changes) {
        let is_in_both = |name: &str| self.records(name) && later.records(name);
        for (name, before) in self.until.iter().filter(|(name, _)| is_in_both(name)) {
            let what = told(name);
            match later.until.get(name) {
                None => changes
                    .widens(format!("{what} is recorded without end instead of until {before}")),
                Some(after) if after > before => {
                    changes.widens(format!("{what} is recorded until {after} instead of {before}"));
                }
                Some(after) if after < before => {
                    changes
                        .narrows(format!("{what} is recorded until {after} instead of {before}"));
                }
                Some(_) => {}
            }
        }
        let new = later.until.iter().filter(|(name, _)| !self.until.contains_key(name));
        for (name, day) in new.filter(|(name, _)| is_in_both(name)) {
            changes.narrows(format!("{} is recorded until {day} only", told(name)));
        }
    }

    /// Compares the marks that stand for an id. Whoever agreed to an id agreed
    /// to more.
    fn compare_marks(&self, later: &Self, changes: &mut Changes) {
        for period in later.count.difference(&self.count) {
            if self.identity == Scheme::None {
                changes.widens(format!("a device marks its first event of a {period}"));
            }
        }
        for period in self.count.difference(&later.count) {
            if later.identity == Scheme::None {
                changes.narrows(format!("a device no longer marks its first event of a {period}"));
            }
        }
    }

    fn compare_identity(&self, later: &Self, changes: &mut Changes) {
        // A machine hash is easier to link to a person than a random id.
        let rank = |scheme: Scheme| match scheme {
            Scheme::None => 0,
            Scheme::Random => 1,
            Scheme::MachineHash => 2,
        };
        match rank(later.identity).cmp(&rank(self.identity)) {
            std::cmp::Ordering::Greater => {
                changes.widens("the device id becomes easier to link to a person".to_owned());
            }
            std::cmp::Ordering::Less => {
                changes.narrows("the device id becomes harder to link to a person".to_owned());
            }
            std::cmp::Ordering::Equal => match (self.rotation, later.rotation) {
                (Rotation::Monthly, Rotation::Never) => {
                    changes.widens("the id no longer changes every month".to_owned());
                }
                (Rotation::Never, Rotation::Monthly) => {
                    changes.narrows("the id changes every month".to_owned());
                }
                _ => {}
            },
        }
    }
}

struct Changes(Vec<Change>);

impl Changes {
    fn widens(&mut self, sentence: String) {
        self.0.push(Change { direction: Direction::Widens, sentence });
    }

    fn narrows(&mut self, sentence: String) {
        self.0.push(Change { direction: Direction::Narrows, sentence });
    }

    fn extents(&mut self, place: &str, before: &NameMap<Extent>, later: &NameMap<Extent>) {
        for (name, extent) in later {
            match before.get(name) {
                None => self.widens(format!("`{name}`{place} is new")),
                Some(old) if extent == old => {}
                Some(old) => self.extent(name, place, old, extent),
            }
        }
        for name in before.keys().filter(|name| !later.contains_key(name)) {
            self.narrows(format!("`{name}`{place} is removed"));
        }
    }

    fn extent(&mut self, name: &str, place: &str, old: &Extent, new: &Extent) {
        // The words of a unit, an alphabet or a ladder are not values.
        let is_set = matches!(new.kind.as_str(), "choice" | "choices" | "function" | "class");
        let is_of_one_kind = is_set && new.kind == old.kind;
        let words_of = |one: &Extent, but: &Extent| -> Option<String> {
            let words: Vec<&str> = one.words.difference(&but.words).collect();
            (is_of_one_kind && !words.is_empty()).then(|| words.join(", "))
        };
        let (added, removed) = (words_of(new, old), words_of(old, new));
        if !new.within(old) {
            self.widens(match &added {
                Some(words) => format!("`{name}`{place} can also be {words}"),
                None => format!("`{name}`{place} has more detail"),
            });
        }
        if let Some(words) = &removed {
            self.narrows(format!("`{name}`{place} can no longer be {words}"));
        } else if new.within(old) {
            self.narrows(format!("`{name}`{place} has less detail"));
        }
    }

    fn number(&mut self, what: &str, unit: &str, old: u16, new: u16) {
        match new.cmp(&old) {
            std::cmp::Ordering::Greater => {
                self.widens(format!("{what} for {new} {unit}, not {old}"));
            }
            std::cmp::Ordering::Less => self.narrows(format!("{what} for {new} {unit}, not {old}")),
            std::cmp::Ordering::Equal => {}
        }
    }
}

/// An event, or a property by its [`Scope::name_of_property`], in words.
fn told(name: &str) -> String {
    match name.split_once(' ') {
        None => format!("`{name}`"),
        Some((event, property)) => format!("`{property}` of `{event}`"),
    }
}
