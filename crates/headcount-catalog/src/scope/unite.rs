//! Unites two agreements: what was agreed to under one release stays agreed to
//! when another release asks. Two releases may take turns on one machine.

use std::collections::BTreeMap;

use super::{Extent, Scope};
use crate::{Day, Rotation, Scheme};

impl Scope {
    /// Returns the scope that allows what either allows. Where the two cannot
    /// be united, such as two kinds of one property, it is what `later` has.
    ///
    /// ```
    /// # use headcount_catalog::{Days, Rotation, Scheme, Scope};
    /// let scope = |days, host: &str| Scope {
    ///     events: [].into(),
    ///     envelope: [].into(),
    ///     hosts: [host.to_owned()].into(),
    ///     identity: Scheme::Random,
    ///     rotation: Rotation::Never,
    ///     count: [].into(),
    ///     until: [].into(),
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
                None => _ = self.events.insert(name, properties),
            }
        }
        unite(&mut self.envelope, later.envelope);
        for host in later.hosts {
            self.hosts.insert(host);
        }
        for period in later.count {
            self.count.insert(period);
        }
        (self.identity, self.rotation) =
            easier((self.identity, self.rotation), (later.identity, later.rotation));
        self.on_machine = self.on_machine.max(later.on_machine);
        self.raw = self.raw.max(later.raw);
        self
    }
}

impl Scope {
    /// The last days of what both or one of them record.
    fn later_of_both(&self, later: &Self) -> BTreeMap<String, Day> {
        let mut until = BTreeMap::new();
        for (name, day) in self.until.iter().chain(&later.until) {
            let both = (self.until_of(name), later.until_of(name));
            match both {
                (Recorded::Until(one), Recorded::Until(other)) => {
                    _ = until.insert(name.clone(), one.max(other));
                }
                (Recorded::Never, Recorded::Until(_)) | (Recorded::Until(_), Recorded::Never) => {
                    _ = until.insert(name.clone(), *day);
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

fn unite(before: &mut BTreeMap<String, Extent>, later: BTreeMap<String, Extent>) {
    for (name, extent) in later {
        match before.get_mut(&name) {
            Some(old) if old.kind == extent.kind && old.most.len() == extent.most.len() => {
                for word in extent.words {
                    old.words.insert(word);
                }
                for (old, new) in old.most.iter_mut().zip(extent.most) {
                    *old = (*old).max(new);
                }
            }
            _ => _ = before.insert(name, extent),
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
