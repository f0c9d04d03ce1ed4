//! One event in one version of a catalog: what is done, in order, with the
//! fields of an event of this name.

use headcount_catalog::{
    Age, Catalog, Day, EnvelopeEntry, Event, Grain, Kind, Period, Property, Reference,
    RunningAgent, Source,
};

use super::admission::Admission;
use super::columns::Columns;
use super::keys::Keys;

/// One event in one version of a catalog.
#[derive(Debug)]
pub(super) struct EventPlan {
    pub(super) event: &'static Event,
    /// The event's place in the schema.
    pub(super) place: u16,
    pub(super) entries: Vec<Step>,
    pub(super) properties: Vec<Step>,
    /// The place of the property that is the event's id.
    pub(super) id: Option<usize>,
    /// The last day of the event, in this version and in the newest.
    pub(super) last_days: [Option<Day>; 2],
    /// Places of properties that have a last day, in this version or in the
    /// newest.
    pub(super) ending: Vec<(usize, [Option<Day>; 2])>,
}

/// What is done with one key.
#[derive(Debug)]
pub(super) struct Step {
    /// The number of the key of the line.
    pub(super) key: u16,
    /// The name and the name of the kind, for a rejection.
    pub(super) name: (&'static str, &'static str),
    /// Whether a value that is not allowed is dropped; otherwise it rejects the
    /// event.
    pub(super) is_optional: bool,
    /// Whether the value may be missing.
    pub(super) may_be_missing: bool,
    /// The last day in this version, of a property.
    pub(super) last_day: Option<Day>,
    pub(super) column: Option<usize>,
    pub(super) what: What,
}

/// What becomes of the value.
#[derive(Debug)]
pub(super) enum What {
    /// It is read elsewhere, or for nothing.
    Nothing,
    /// The code of a constant, whatever was sent.
    Constant(u16),
    EventId,
    Time(Grain),
    Device,
    /// A cell. Without a field, the dialect may have it elsewhere.
    Value(Admission, Given),
    /// The marks, which are a cell too. The codes are those of the periods.
    Marks(Admission, [Option<u16>; Period::ALL.len()]),
    /// The age, likewise.
    Age(Admission, [Option<u16>; Age::ALL.len()]),
    /// The number of words of the property at this place.
    CountOf(Option<usize>),
}

/// Where a dialect may have a value in a field of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given {
    Nowhere,
    Version,
    Platform,
    Arch,
    Locale,
    Ci,
}

impl EventPlan {
    /// `newest` is the same event in the newest version that has it.
    pub(super) fn new(
        catalog: &Catalog,
        event: &'static Event,
        newest: &'static Event,
        place: u16,
        columns: &Columns,
        keys: &Keys,
    ) -> Self {
        let entries =
            catalog.entries(event).filter(|(_, entry)| entry.source != Source::Properties);
        let entries = entries.map(|(_, entry)| Step::of_entry(event, entry, columns, keys));
        let entries = entries.collect();
        let properties = event.properties.iter();
        let properties =
            properties.map(|property| Step::of_property(event, property, columns, keys));
        let properties = properties.collect();
        let ending = event.properties.iter().enumerate().filter_map(|(place, property)| {
            let of_newest = newest.property(property.name).and_then(|(_, newest)| newest.expires);
            let days = [property.expires, of_newest];
            (days != [None, None]).then_some((place, days))
        });
        Self {
            event,
            place,
            entries,
            properties,
            id: event.id.and_then(|name| event.property(name)).map(|(place, _)| place),
            last_days: [event.expires, newest.expires],
            ending: ending.collect(),
        }
    }

    pub(super) fn is_expired(&self, day: Day) -> bool {
        is_over(self.last_days, day)
    }
}

/// Whether one of the last days is over.
pub(super) fn is_over(last_days: [Option<Day>; 2], day: Day) -> bool {
    last_days.into_iter().flatten().any(|last| day > last)
}

impl Step {
    fn of_entry(
        event: &'static Event,
        entry: &'static EnvelopeEntry,
        columns: &Columns,
        keys: &Keys,
    ) -> Self {
        let column = columns.entry(event, entry.key, entry.source);
        let of_kind = |kind| Admission::new(kind, columns, column);
        let value = |kind, given| What::Value(of_kind(kind), given);
        let what = match entry.source {
            Source::Event | Source::Properties => What::Nothing,
            Source::EventId => What::EventId,
            Source::Time(grain) => What::Time(grain),
            Source::Device => What::Device,
            Source::Constant(word) => constant(columns, column, event.constant(entry.key, word)),
            Source::Session => value(Kind::Reference(Reference::Session), Given::Nowhere),
            Source::Turn => value(Kind::Reference(Reference::Turn), Given::Nowhere),
            Source::Account => value(Kind::Reference(Reference::Account), Given::Nowhere),
            Source::Version => value(Kind::Version, Given::Version),
            Source::CatalogVersion => {
                value(Kind::Count { cap: u64::from(u32::MAX) }, Given::Nowhere)
            }
            Source::Platform(words) => {
                What::Value(Admission::platform(words, columns, column), Given::Platform)
            }
            Source::Arch(words) => {
                What::Value(Admission::arch(words, columns, column), Given::Arch)
            }
            Source::Locale => value(Kind::Locale, Given::Locale),
            Source::Ci => value(Kind::Flag, Given::Ci),
            Source::Agent => value(RunningAgent::KIND, Given::Nowhere),
            Source::Attended => value(Kind::Flag, Given::Nowhere),
            Source::Host(kind) => value(kind, Given::Nowhere),
            Source::Marks => {
                let admission = of_kind(Period::MARKS);
                let codes = Period::ALL.map(|(_, name)| admission.code(name));
                What::Marks(admission, codes)
            }
            Source::Age => {
                let admission = of_kind(Age::KIND);
                let codes = Age::ALL.map(|age| admission.code(age.name()));
                What::Age(admission, codes)
            }
        };
        let kind = entry.source.kind().map_or("", |kind| kind.name());
        Self {
            key: keys.number(entry.key),
            name: (entry.key, kind),
            is_optional: entry.optional.is_some(),
            may_be_missing: entry.optional.is_some(),
            last_day: None,
            column,
            what,
        }
    }

    fn of_property(
        event: &'static Event,
        property: &'static Property,
        columns: &Columns,
        keys: &Keys,
    ) -> Self {
        let column = columns.property(property.name, property.kind);
        let what = match property.kind {
            Kind::Constant(word) => constant(columns, column, word),
            // The words come before their count.
            Kind::CountOf(of) => {
                let own = event.property(property.name).map(|(place, _)| place);
                let words = event.property(of).map(|(place, _)| place);
                What::CountOf(words.filter(|place| Some(*place) < own))
            }
            kind => What::Value(Admission::new(kind, columns, column), Given::Nowhere),
        };
        Self {
            key: keys.number_of_property(property.name),
            name: (property.name, property.kind.name()),
            is_optional: property.optional.is_some(),
            may_be_missing: property.absent().is_some(),
            last_day: property.expires,
            column,
            what,
        }
    }
}

fn constant(columns: &Columns, column: Option<usize>, word: &str) -> What {
    // Without a column, a property of the same name is there instead.
    What::Constant(column.and_then(|column| columns.code(column, word)).unwrap_or(0))
}
