//! Which tables a public page has: events by name, by each entry of the
//! envelope and by each property with a closed set, and by version.

use headcount_catalog::{
    Absent, Arch, Catalog, EnvelopeEntry, Event, Kind, Platform, RunningAgent, Source, Words,
};

use super::suppress::Vocabulary;
use super::week::BY_EVENT;

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TablePlan {
    /// The event that is counted; `None` for all.
    pub(super) event: Option<&'static str>,
    /// The property or the entry of the envelope; [`BY_EVENT`] for the name.
    pub(super) by: &'static str,
    pub(super) vocabulary: Vocabulary,
    /// Every value of a closed vocabulary.
    pub(super) values: Vec<&'static str>,
    /// Whether an event can lack it.
    pub(super) may_be_absent: bool,
}

/// The tables of a product, by the catalog of now.
pub(super) fn tables(catalog: &Catalog) -> Vec<TablePlan> {
    let by_event = TablePlan {
        event: None,
        by: BY_EVENT,
        vocabulary: Vocabulary::Closed,
        values: catalog.events.iter().map(|event| event.name).collect(),
        may_be_absent: false,
    };
    let entries = catalog.envelope.iter().filter_map(of_entry);
    let properties = catalog.events.iter().flat_map(of_properties);
    [by_event].into_iter().chain(entries).chain(properties).collect()
}

fn of_entry(entry: &EnvelopeEntry) -> Option<TablePlan> {
    let (vocabulary, values) = match entry.source {
        Source::Version => (Vocabulary::Open, Vec::new()),
        Source::Platform(words) => (Vocabulary::Closed, platforms(words)),
        Source::Arch(words) => (Vocabulary::Closed, processors(words)),
        Source::Ci | Source::Attended => (Vocabulary::Closed, values(&Kind::Flag)?),
        Source::Agent => (Vocabulary::Closed, values(&RunningAgent::KIND)?),
        Source::Host(kind) => (Vocabulary::Closed, values(&kind)?),
        // They are the same for everybody, stand for somebody, or have too many
        // values.
        Source::EventId
        | Source::Event
        | Source::Time(_)
        | Source::Device
        | Source::Session
        | Source::Turn
        | Source::Account
        | Source::CatalogVersion
        | Source::Locale
        | Source::Constant(_)
        | Source::Properties
        | Source::Marks
        | Source::Age => return None,
    };
    let may_be_absent = matches!(entry.optional, Some(Absent::Null | Absent::Omit));
    Some(TablePlan { event: None, by: entry.key, vocabulary, values, may_be_absent })
}

fn of_properties(event: &'static Event) -> impl Iterator<Item = TablePlan> {
    event.properties.iter().filter_map(|property| {
        Some(TablePlan {
            event: Some(event.name),
            by: property.name,
            vocabulary: Vocabulary::Closed,
            values: values(&property.kind)?,
            may_be_absent: property.absent().is_some(),
        })
    })
}

/// The values of a kind with a closed set; `None` for any other.
fn values(kind: &Kind) -> Option<Vec<&'static str>> {
    if *kind == Kind::Flag {
        return Some(vec!["true", "false"]);
    }
    let (set, other) = kind.set()?;
    Some(set.iter().copied().chain(other).collect())
}

fn platforms(words: Words) -> Vec<&'static str> {
    once(Platform::ALL.iter().map(|platform| platform.word(words)))
}

fn processors(words: Words) -> Vec<&'static str> {
    once(Arch::ALL.iter().map(|arch| arch.word(words)))
}

/// Vocabularies may have one word for several.
fn once(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut once = Vec::new();
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_sets_have_a_table_and_nothing_that_stands_for_somebody() {
        let text = include_str!("../../../../examples/atomic/telemetry.toml");
        let catalog = headcount_catalog::parse(text).unwrap();
        let tables = tables(&catalog);
        let find = |event, by| tables.iter().find(|table| table.event == event && table.by == by);
        let command = find(Some("atomic_command"), "command").unwrap();
        assert_eq!(command.values, ["init", "update", "uninstall", "run"]);
        let success = find(Some("atomic_command"), "success").unwrap();
        assert_eq!((success.values.len(), success.may_be_absent), (2, false));
        assert!(find(Some("atomic_command"), "agentType").unwrap().may_be_absent);
        assert!(find(None, "platform").unwrap().values.contains(&"win32"));
        assert_eq!(find(None, "atomicVersion").unwrap().vocabulary, Vocabulary::Open);
        for absent in ["anonymousId", "eventId", "timestamp", "source", "eventType"] {
            assert_eq!(find(None, absent), None, "{absent}");
        }
    }
}
