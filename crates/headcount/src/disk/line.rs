//! What a line of the queue says, whoever wrote it, and how long it may wait.

use headcount_catalog::{Catalog, Day, Raw, Source, Time};
use headcount_wire::{parse_line, unchecked};

/// What a line has under a key of the envelope.
pub(crate) fn field<T>(line: &str, key: &str, read: impl Fn(&Raw<'_>) -> Option<T>) -> Option<T> {
    let json = parse_line(line)?;
    let unchecked = unchecked(&json).ok()?;
    let (_, value) = unchecked.fields.iter().find(|(name, _)| name == key)?;
    read(value)
}

/// The time of a record, also of one that this version does not allow. Usually
/// all versions of a product have the same envelope.
pub(crate) fn time(catalog: &Catalog, line: &str) -> Option<Time> {
    let key = catalog.key_of(|source| matches!(source, Source::Time(_)))?;
    field(line, key, |value| match value {
        Raw::Text(text) => Time::parse(text),
        _ => None,
    })
}

/// The last day on which a record of this time may still wait. Counts whole
/// days, so that a time rounded to its day does not look older.
pub(crate) fn last_day(catalog: &Catalog, time: Time) -> Day {
    time.day().plus(i32::from(catalog.retention.on_machine.0))
}

/// Whether a record of this time has waited longer than the catalog allows.
pub(crate) fn is_old(catalog: &Catalog, time: Time, today: Day) -> bool {
    today > last_day(catalog, time)
}
