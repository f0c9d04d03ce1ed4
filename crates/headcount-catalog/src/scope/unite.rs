//! Unites two agreements: what was agreed to under one release stays agreed to
//! when another release asks. Two releases may take turns on one machine.

use super::{Extent, Scope};
use crate::{Day, NameMap, Rotation, Scheme};

impl Scope {
    /// Returns the scope that allows what either allows. Where the two cannot
    /// be united, such as two kinds of one property, it is what `later` has.
    ///
    /// ```
    /// # use headcount_catalog::{Days, NameMap, Rotation, Scheme, Scope};
    /// let scope = |days, host: &str| Scope {
    ///     events: NameMap::new(),
    ///     envelope: NameMap::new(),
    ///     hosts: [host].into(),
    ///     identity: Scheme::Random,
    ///     rotation: Rotation::Never,
    ///     count: [].into(),
    ///     until: NameMap::new(),
    ///     on_machine: Days(days),
    ///     raw: Days(90),
    /// };
    /// let both = scope(30, "a.example").united(scope(7, "b.example"));
    /// assert!(both.allows(&scope(30, "b.example")));
    /// assert!(!both.allows(&scope(31, "a.example")));
    /// ```
    #[must_use]
    pub fn united(mut self, later: Self) -> Self {
        self.until = self.later_of_both(&later);
        for (name, properties) in later.events {
            match self.events.get_mut(&name) {
                Some(before) => unite(before, properties),
                None => self.events.insert(name, properties),
            }
        }
        unite(&mut self.envelope, later.envelope);
        self.hosts.insert_all(later.hosts);
        self.count.insert_all(later.count);
        (self.identity, self.rotation) =
            easier((self.identity, self.rotation), (later.identity, later.rotation));
        self.on_machine = self.on_machine.max(later.on_machine);
        self.raw = self.raw.max(later.raw);
        self
    }
}

impl Scope {
    /// The last days of what both or one of them record.
    fn later_of_both(&self, later: &Self) -> NameMap<Day> {
        let mut until = NameMap::new();
        for (name, day) in self.until.iter().chain(&later.until) {
            let both = (self.until_of(name), later.until_of(name));
            match both {
                (Recorded::Until(one), Recorded::Until(other)) => {
                    until.insert(name.clone(), one.max(other));
                }
                (Recorded::Never, Recorded::Until(_)) | (Recorded::Until(_), Recorded::Never) => {
                    until.insert(name.clone(), *day);
                }
                _ => {}
            }
        }
        until
    }

    fn until_of(&self, name: &str) -> Recorded {
        match self.until.get(name) {
            Some(day) => Recorded::Until(*day),
            None if self.records(name) => Recorded::Always,
            None => Recorded::Never,
        }
    }

    /// Whether it has an event, or a property by its
    /// [`Scope::name_of_property`].
    pub(super) fn records(&self, name: &str) -> bool {
        match name.split_once(' ') {
            None => self.events.contains_key(name),
            Some((event, property)) => {
                self.events.get(event).is_some_and(|it| it.contains_key(property))
            }
        }
    }
}

/// How long something is recorded.
enum Recorded {
    Never,
    Until(Day),
    Always,
}

fn unite(before: &mut NameMap<Extent>, later: NameMap<Extent>) {
    for (name, extent) in later {
        match before.get_mut(&name) {
            Some(old) if old.kind == extent.kind && old.most.len() == extent.most.len() => {
                old.words.insert_all(extent.words);
                for (old, new) in old.most.iter_mut().zip(extent.most) {
                    *old = (*old).max(new);
                }
            }
            _ => before.insert(name, extent),
        }
    }
}

/// The identity that is easier to link to a person.
fn easier(one: (Scheme, Rotation), other: (Scheme, Rotation)) -> (Scheme, Rotation) {
    let rank = |(scheme, rotation): (Scheme, Rotation)| {
        let scheme = match scheme {
            Scheme::None => 0,
            Scheme::Random => 1,
            Scheme::MachineHash => 2,
        };
        (scheme, rotation == Rotation::Never)
    };
    if rank(one) >= rank(other) { one } else { other }
}
