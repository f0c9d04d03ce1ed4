//! One product, with every loaded version of its catalog.

use std::sync::{Arc, OnceLock};

use headcount_catalog::{Catalog, Dialect, Event, Kind, Period, Scheme};
use headcount_store::ColumnKind;
use headcount_wire::clacky;
use headcount_wire::flat::BodyForm;
use headcount_wire::otlp::Signal;

use crate::plan::{self, Plan, ProductPlans};

/// A product, with every loaded version of its catalog.
#[derive(Debug, Clone)]
pub(crate) struct LoadedProduct {
    /// At least one, the newest first.
    versions: Vec<Catalog>,
    /// Made when the first event arrives.
    plans: Arc<OnceLock<ProductPlans>>,
}

impl LoadedProduct {
    pub(super) fn new(catalog: Catalog) -> Self {
        Self { versions: vec![catalog], plans: Arc::default() }
    }

    /// The product with another version; `None` if it has one with this number.
    pub(super) fn with(&self, catalog: Catalog) -> Option<Self> {
        if self.versions.iter().any(|own| own.version == catalog.version) {
            return None;
        }
        let mut versions = self.versions.clone();
        versions.push(catalog);
        versions.sort_by_key(|own| std::cmp::Reverse(own.version));
        Some(Self { versions, plans: Arc::default() })
    }

    /// The product without a version; `None` if it has no other.
    pub(super) fn without(&self, version: u32) -> Option<Self> {
        let others = self.versions.iter().filter(|own| own.version != version);
        let versions: Vec<Catalog> = others.copied().collect();
        (!versions.is_empty()).then(|| Self { versions, plans: Arc::default() })
    }

    /// The catalog with this number.
    pub(super) fn version(&self, version: u32) -> Option<&Catalog> {
        self.versions.iter().find(|own| own.version == version)
    }

    /// All versions, the newest first.
    pub(crate) fn versions(&self) -> &[Catalog] {
        &self.versions
    }

    /// Whether this catalog is one of the versions.
    pub(super) fn has(&self, catalog: &Catalog) -> bool {
        self.versions.contains(catalog)
    }

    pub(crate) fn name(&self) -> &'static str {
        self.newest().product.name
    }

    pub(crate) fn newest(&self) -> &Catalog {
        &self.versions[0]
    }

    /// How events are judged that arrive in this form.
    pub(crate) fn plan(&self, form: BodyForm) -> &Plan {
        self.plans.get_or_init(|| ProductPlans::new(self.versions.clone())).plan(form)
    }

    /// The events of all versions, each as the newest version defines it, those
    /// of the newest version first.
    pub(crate) fn events(&self) -> impl Iterator<Item = &'static Event> {
        self.versions.iter().enumerate().flat_map(|(age, catalog)| {
            let newer = &self.versions[..age];
            let is_newest =
                move |event: &&Event| newer.iter().all(|newer| newer.event(event.name).is_none());
            catalog.events.iter().filter(is_newest)
        })
    }

    /// Whether devices are counted by this period, by their ids or by marks.
    ///
    /// The newest version decides: where it counts none, what older versions
    /// counted would look like a number of all.
    pub(crate) fn counts_devices(&self, period: Period) -> bool {
        self.newest().identity.scheme != Scheme::None || self.counts(period)
    }

    /// Whether devices mark their first event of this period, in the newest
    /// version.
    pub(crate) fn counts(&self, period: Period) -> bool {
        self.newest().identity.count.contains(&period)
    }

    /// The properties and envelope entries by which events of this name are
    /// counted, in any version.
    pub(crate) fn counted_names(&self, event: &str) -> Vec<&'static str> {
        let mut names = Vec::new();
        for catalog in &self.versions {
            let of_version = catalog.event(event).map(|event| plan::counted_names(catalog, event));
            for name in of_version.into_iter().flatten() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The closed sets of more than one word that an event is counted by: what
    /// it is about, such as its command. The one that says whether it failed is
    /// not among them.
    pub(crate) fn closed_sets(&self, event: &Event) -> Vec<&'static str> {
        let failure = event.failure().map(|(_, property)| property.name);
        let is_set = |name: &&str| {
            let kind = event.property(name).map(|(_, property)| property.kind);
            let is_set = matches!(kind, Some(Kind::Choice { .. } | Kind::Choices { .. }));
            is_set && failure != Some(*name)
        };
        self.counted_names(event.name).into_iter().filter(is_set).collect()
    }

    /// The properties and envelope entries by which any event is counted.
    pub(crate) fn all_counted_names(&self) -> Vec<&'static str> {
        distinct(self.events().flat_map(|event| self.counted_names(event.name)))
    }

    /// The envelope entries by which every event is counted, in the newest
    /// version.
    pub(crate) fn entry_names(&self) -> Vec<&'static str> {
        let newest = self.newest();
        let is_of_all = |key: &&str| {
            newest.events.iter().all(|event| plan::counted_names(newest, event).contains(key))
                && newest.events.iter().all(|event| event.property(key).is_none())
        };
        newest.envelope.iter().map(|entry| entry.key).filter(is_of_all).collect()
    }

    /// Every value that a name can have, in any version and event; `None` if
    /// they are not a closed set.
    pub(crate) fn closed_values(&self, name: &str) -> Option<Vec<String>> {
        let schema = plan::schema_of(&self.versions);
        let mut values = Vec::new();
        for column in schema.columns().iter().filter(|column| column.name == name) {
            match column.kind {
                ColumnKind::Flag => values.extend(["true", "false"].map(str::to_owned)),
                ColumnKind::Word | ColumnKind::Words => values.extend(column.words.iter().cloned()),
                _ => return None,
            }
        }
        Some(distinct(values.into_iter()))
    }

    /// The properties of numbers of an event, in any version.
    pub(crate) fn measured_names(&self, event: &str) -> Vec<&'static str> {
        let events = self.versions.iter().filter_map(|catalog| catalog.event(event));
        let numbers = events.flat_map(|event| event.properties).filter(|property| {
            let kind = property.kind;
            matches!(
                kind,
                Kind::Count { .. }
                    | Kind::Amount { .. }
                    | Kind::Bucket { .. }
                    | Kind::Duration { .. }
            )
        });
        distinct(numbers.map(|property| property.name))
    }

    /// Whether an event is counted by a pair, in either order and any version.
    pub(crate) fn has_pair(&self, event: &str, pair: (&str, &str)) -> bool {
        let mut events = self.versions.iter().filter_map(|catalog| catalog.event(event));
        events.any(|event| {
            let turned = (pair.1, pair.0);
            event.across.iter().any(|known| *known == pair || *known == turned)
        })
    }

    /// Whether an event says that it failed, in any version.
    pub(crate) fn tells_failures(&self, event: &str) -> bool {
        let mut events = self.versions.iter().filter_map(|catalog| catalog.event(event));
        events.any(|event| event.failure().is_some())
    }

    /// Whether the program is somebody else's, in the newest version.
    pub(crate) fn is_observed(&self) -> bool {
        self.versions.first().is_some_and(Catalog::is_observed)
    }

    /// Whether bodies of this form may be its own: spans and metrics are those
    /// of somebody else's program alone.
    pub(crate) fn takes(&self, form: BodyForm) -> bool {
        let is_of_others = matches!(form.signal(), Some(Signal::Traces | Signal::Metrics));
        !is_of_others || self.is_observed()
    }

    /// Whether its program calls itself by this `service.name`, in any version.
    pub(crate) fn is_service(&self, name: &str) -> bool {
        let mut programs = self.versions.iter().filter_map(|catalog| catalog.observed);
        programs.any(|program| program.services.contains(&name))
    }

    /// The public keys of all destinations, in any version.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let destinations = self.versions.iter().flat_map(|catalog| catalog.destinations);
        destinations.filter_map(|destination| destination.key.setting()?.value())
    }

    pub(super) fn shares_key(&self, other: &Self) -> bool {
        self.keys().any(|key| other.keys().any(|others| others == key))
    }

    /// The dialect that this product's catalog expects at a path, which is a
    /// destination's or an event's. A slash at the end makes no difference.
    pub(crate) fn dialect_at(&self, path: &str) -> Option<Dialect> {
        let is_here = |named: &str| !bare(named).is_empty() && bare(named) == bare(path);
        self.versions.iter().find_map(|catalog| {
            let all = catalog.destinations;
            let of_destination = all.iter().find(|destination| {
                destination.endpoint.value().and_then(path_of).is_some_and(is_here)
            });
            // An event has one path for all destinations; only OpenClacky's
            // dialect needs it.
            let is_event_path = catalog.events.iter().any(|event| event.path.is_some_and(is_here));
            let clacky = all.iter().find(|destination| destination.dialect == Dialect::Clacky);
            let of_event = clacky.or_else(|| all.first()).filter(|_| is_event_path);
            of_destination.or(of_event).map(|destination| destination.dialect)
        })
    }

    /// The event that has this path.
    pub(crate) fn event_at(&self, path: &str) -> Option<&'static Event> {
        self.versions.iter().find_map(|catalog| clacky::event(catalog, path))
    }
}

fn bare(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// Returns the path of an absolute URL.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let whole = &rest[rest.find('/')?..];
    whole.split(['?', '#']).next()
}

fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for item in all {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
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
