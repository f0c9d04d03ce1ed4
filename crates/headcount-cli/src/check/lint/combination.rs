//! HC108: together, the values of an event are nearly a name.

use headcount_catalog::{Catalog, Day, Event, Kind, Source};

use super::advice::{Advice, Lint, keys};
use crate::check::finding::Level;

pub(super) const LINT: Lint = Lint {
    code: "HC108",
    name: "combination",
    explanation: "Values that say little each can name a device together. This estimates how many different events are \
                  possible, from the sets of the catalog alone: with twenty bits there are a million, so that of a \
                  hundred thousand devices nearly each would be the only one of its kind. Numbers and times are not in \
                  the estimate. Ask for less in one event, or group words.",
    find,
};

/// A million different events.
const MOST_BITS: f64 = 20.0;

/// Versions that are in use at a time.
const VERSIONS: f64 = 8.0;
/// Languages and regions that are common.
const LOCALES: f64 = 50.0;
/// Systems and processors that are common.
const PLATFORMS: f64 = 3.0;

fn find(catalog: &Catalog, _today: Day) -> Vec<Advice> {
    // An id names the device anyway, and is said to.
    if catalog.key_of(|source| matches!(source, Source::Device)).is_some() {
        return Vec::new();
    }
    let envelope: f64 = catalog.envelope.iter().map(|entry| of_source(&entry.source)).sum();
    let advice = catalog.events.iter().filter_map(|event| {
        let bits = envelope + of_event(event);
        (bits > MOST_BITS).then(|| Advice {
            level: Level::Advice,
            keys: keys(&["event", event.name]),
            message: format!(
                "`{}` with the envelope can be told in 2^{bits:.0} ways, more than a million: ask for less in one event, or group words.",
                event.name
            ),
        })
    });
    advice.collect()
}

fn of_event(event: &Event) -> f64 {
    event.given().map(|(_, property)| of_kind(&property.kind)).sum()
}

/// Bits of a source of the envelope.
fn of_source(source: &Source) -> f64 {
    match source {
        Source::Version => VERSIONS.log2(),
        Source::Locale => LOCALES.log2(),
        Source::Platform(_) | Source::Arch(_) => PLATFORMS.log2(),
        Source::Ci | Source::Attended => 1.0,
        Source::Agent | Source::Host(_) => source.kind().map_or(0.0, |kind| of_kind(&kind)),
        _ => 0.0,
    }
}

/// Bits of a kind with a set; none of a number.
fn of_kind(kind: &Kind) -> f64 {
    // No set has more words than a file has bytes.
    let number = |words: usize| f64::from(u32::try_from(words).unwrap_or(u32::MAX));
    let words =
        |set: &[&str], other: Option<&str>| number(set.len() + usize::from(other.is_some()));
    match kind {
        Kind::Flag => 1.0,
        Kind::Choices { set, other } => words(set, *other),
        Kind::Bucket { ladder } => number(ladder.len() + 1).log2(),
        Kind::Version => VERSIONS.log2(),
        Kind::Locale => LOCALES.log2(),
        _ => kind.set().map_or(0.0, |(set, other)| words(set, other).max(1.0).log2()),
    }
}
