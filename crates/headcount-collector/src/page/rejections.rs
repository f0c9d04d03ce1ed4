//! What was rejected on arrival: whole events, and properties that were left
//! out of events that were stored. The two are different things, and are never
//! added up.

use std::ops::AddAssign;

use headcount_catalog::{Catalog, Event, Reason};
use headcount_store::RejectedRow;

use super::text;
use crate::registry::LoadedProduct;

/// What was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejected {
    Event,
    /// Of an event that was stored without it.
    Property,
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rejections {
    pub(crate) events: u64,
    pub(crate) properties: u64,
}

impl AddAssign<(Rejected, u64)> for Rejections {
    fn add_assign(&mut self, (what, count): (Rejected, u64)) {
        match what {
            Rejected::Event => self.events += count,
            Rejected::Property => self.properties += count,
        }
    }
}

impl Rejections {
    pub(crate) fn of<'r>(
        rows: impl Iterator<Item = &'r RejectedRow>,
        product: &LoadedProduct,
    ) -> Self {
        let mut sums = Self::default();
        rows.for_each(|row| sums += (rejected(row, product.versions()), row.count));
        sums
    }

    /// `3 events and 1 property`, or what there is of them.
    pub(super) fn told(self) -> String {
        let events = text::counted(self.events, "event");
        match self.properties {
            0 => events,
            properties => format!("{events} and {}", counted_properties(properties)),
        }
    }
}

/// `1 property`, `2 properties`.
pub(crate) fn counted_properties(count: u64) -> String {
    format!("{} {}", text::number(count), if count == 1 { "property" } else { "properties" })
}

/// Which of the two a row counts, by the version of the catalog that judged: a
/// value that is not allowed rejects the event if the catalog requires the
/// property, and otherwise the property is left out.
pub(super) fn rejected(row: &RejectedRow, versions: &[Catalog]) -> Rejected {
    let judged = versions.iter().find(|catalog| catalog.version == row.catalog);
    let Some(catalog) = judged.or(versions.first()) else { return Rejected::Event };
    // Names of events may have dots, and one may begin with another.
    let events = catalog.events.iter().filter(|event| {
        let rest = row.path.strip_prefix(event.name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let Some(event) = events.max_by_key(|event| event.name.len()) else { return Rejected::Event };
    let property = row.path.get(event.name.len() + 1..).unwrap_or_default();
    match (Reason::read(&row.reason), property) {
        // A name that the catalog does not have is not written down.
        (Some(Reason::UnknownProperty | Reason::NotKept), "") => Rejected::Property,
        (_, "") | (Some(Reason::MissingProperty), _) => Rejected::Event,
        (Some(Reason::Expired), _) => Rejected::Property,
        _ if is_optional(catalog, event, property) => Rejected::Property,
        _ => Rejected::Event,
    }
}

fn is_optional(catalog: &Catalog, event: &Event, name: &str) -> bool {
    let own = event.property(name).map(|(_, property)| property.optional);
    let entry = || catalog.envelope.iter().find(|entry| entry.key == name);
    own.or_else(|| entry().map(|entry| entry.optional)).flatten().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(path: &str, reason: Reason) -> RejectedRow {
        RejectedRow {
            path: path.to_owned(),
            kind: String::new(),
            reason: reason.name().to_owned(),
            catalog: 1,
            program: String::new(),
            count: 1,
        }
    }

    #[test]
    fn events_and_properties_are_told_apart_by_the_catalog() {
        let text = include_str!("../../../../examples/atomic/telemetry.toml");
        let versions = [headcount_catalog::parse(text).unwrap()];
        for (path, reason, what) in [
            ("", Reason::UnknownEvent, Rejected::Event),
            ("", Reason::Malformed, Rejected::Event),
            ("atomic_command", Reason::TooOld, Rejected::Event),
            ("atomic_command", Reason::Expired, Rejected::Event),
            ("atomic_command", Reason::UnknownProperty, Rejected::Property),
            ("atomic_command.command", Reason::OutsideSet, Rejected::Event),
            ("atomic_command.command", Reason::MissingProperty, Rejected::Event),
            ("atomic_command.agentType", Reason::OutsideSet, Rejected::Property),
            ("atomic_command.agentType", Reason::Expired, Rejected::Property),
            ("atomic_command.atomicVersion", Reason::BadProperty, Rejected::Event),
            ("nothing.of.it", Reason::BadProperty, Rejected::Event),
        ] {
            assert_eq!(rejected(&row(path, reason), &versions), what, "{path} {reason}");
            assert_eq!(rejected(&row(path, reason), &[]), Rejected::Event);
        }
    }

    #[test]
    fn the_two_are_never_one_number() {
        let told = |events, properties| Rejections { events, properties }.told();
        assert_eq!(told(3, 1), "3 events and 1 property");
        assert_eq!(told(1, 2_000), "1 event and 2,000 properties");
        assert_eq!(told(0, 0), "0 events");
    }
}
