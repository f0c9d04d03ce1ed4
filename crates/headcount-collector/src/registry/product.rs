//! One product: the versions of its catalog, newest first.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Checked, Dialect, Event, Key, Reason, Unchecked};
use headcount_wire::clacky;

use crate::columns;

/// A product, and every version of its catalog that is loaded.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    /// Newest first; at least one.
    versions: Vec<Catalog>,
}

impl Product {
    pub(super) fn new(catalog: Catalog) -> Self {
        Self { versions: vec![catalog] }
    }

    /// Takes another version; false where the same version says something else already.
    pub(super) fn add(&mut self, catalog: Catalog) -> bool {
        match self.versions.iter().find(|own| own.version == catalog.version) {
            Some(own) => *own == catalog,
            None => {
                self.versions.push(catalog);
                self.versions.sort_by_key(|own| std::cmp::Reverse(own.version));
                true
            }
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.newest().product.name
    }

    pub(crate) fn newest(&self) -> &Catalog {
        &self.versions[0]
    }

    /// Its events, each as the newest version that has it says it, the newest version's first.
    pub(crate) fn events(&self) -> impl Iterator<Item = &'static Event> {
        self.versions.iter().enumerate().flat_map(|(age, catalog)| {
            let newer = &self.versions[..age];
            let gone = move |event: &&Event| newer.iter().all(|it| it.event(event.name).is_none());
            catalog.events.iter().filter(gone)
        })
    }

    /// The names by whose values events called `event` are counted, in any version.
    pub(crate) fn counted_names(&self, event: &str) -> Vec<&'static str> {
        let mut names = Vec::new();
        for catalog in &self.versions {
            let of_version =
                catalog.event(event).map(|event| columns::counted_names(catalog, event));
            for name in of_version.into_iter().flatten() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The public keys it ships under, in any version.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let destinations = self.versions.iter().flat_map(|catalog| catalog.destinations);
        destinations.filter_map(|destination| match destination.key {
            Key::Public(setting) => setting.value(),
            Key::None => None,
        })
    }

    pub(super) fn shares_key(&self, other: &Self) -> bool {
        self.keys().any(|key| other.keys().any(|others| others == key))
    }

    /// The newest version that allows the unchecked event judges it. Where none does, the newest one
    /// that knows an event of this name says why.
    pub(crate) fn check<'c>(
        &self,
        unchecked: impl Fn(&Catalog) -> Result<Cow<'c, Unchecked<'c>>, Reason>,
    ) -> Result<(&Catalog, Checked), Reason> {
        let mut why = Reason::UnknownEvent;
        for catalog in &self.versions {
            match unchecked(catalog).and_then(|unchecked| catalog.check(&unchecked)) {
                Ok(checked) => return Ok((catalog, checked)),
                Err(reason) if why == Reason::UnknownEvent => why = reason,
                Err(_) => {}
            }
        }
        Err(why)
    }

    /// What is spoken at a path that this product's catalog names: a destination's own, or an
    /// event's. A slash at its end is no mistake.
    pub(crate) fn spoken_at(&self, path: &str) -> Option<Dialect> {
        let is_here = |named: &str| !bare(named).is_empty() && bare(named) == bare(path);
        self.versions.iter().find_map(|catalog| {
            let all = catalog.destinations;
            let clacky = all.iter().find(|it| it.dialect == Dialect::Clacky);
            let own =
                all.iter().find(|it| it.endpoint.value().and_then(path_of).is_some_and(is_here));
            // At every destination the same path: it is the one thing that Clacky's has to say.
            let of_event = catalog.events.iter().any(|event| event.path.is_some_and(is_here));
            own.or_else(|| clacky.or_else(|| all.first()).filter(|_| of_event)).map(|it| it.dialect)
        })
    }

    /// The event whose own path this is.
    pub(crate) fn event_at(&self, path: &str) -> Option<&'static Event> {
        self.versions.iter().find_map(|catalog| clacky::event(catalog, path))
    }
}

fn bare(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// The path of a whole URL.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let whole = &rest[rest.find('/')?..];
    whole.split(['?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_an_address() {
        for (url, path) in [
            ("https://telemetry.example/v1/logs", Some("/v1/logs")),
            ("https://telemetry.example/a/b?c=/d#e", Some("/a/b")),
            ("https://telemetry.example/", Some("/")),
            ("https://telemetry.example", None),
            ("telemetry", None),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }
}
