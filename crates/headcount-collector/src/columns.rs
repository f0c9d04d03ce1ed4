//! The values of a checked event as columns of the store.
//!
//! The matches name every kind and every source, so that a new one has to be
//! considered here: ids become pseudonyms, and only columns with few values are
//! counted by value.

use std::borrow::Cow;

use headcount_catalog::{
    Age, Catalog, Checked, Event, Kind, Period, Reference, Source, Token, Value, Word,
};
use headcount_store::{Cell, Column, Counted, Pseudonym};

use crate::pseudonym::{IdKind, Pseudonyms};

/// The pseudonym of the event's device.
pub(crate) fn device(
    catalog: &Catalog,
    checked: &Checked,
    pseudonyms: &Pseudonyms,
) -> Option<Pseudonym> {
    let id = checked.device(catalog)?;
    Some(pseudonyms.make(IdKind::Device, catalog.product.name, id))
}

/// The columns of envelope entries and properties. Id, name and device of the
/// event are other fields of the row.
pub(crate) fn of(
    catalog: &Catalog,
    checked: &Checked,
    pseudonyms: &Pseudonyms,
) -> Vec<Column<'static>> {
    let product = catalog.product.name;
    let event = checked.event;
    let mut columns = Vec::with_capacity(catalog.envelope.len() + event.properties.len());
    for (entry, value) in catalog.envelope.iter().zip(&checked.envelope) {
        // A property may have the same name, in an object of its own, and is
        // more specific.
        if event.property(entry.key).is_some() {
            continue;
        }
        let Some(kind) = entry_kind(entry.source) else { continue };
        let cell = match value {
            Some(value) => Some(cell(kind, value, product, pseudonyms)),
            None => outside_envelope(entry.source, checked),
        };
        if let Some(cell) = cell {
            let counted = counted_entry(entry.source, kind);
            columns.push(Column { name: entry.key, cell, counted });
        }
    }
    for (property, value) in event.properties.iter().zip(&checked.properties) {
        if let Some(value) = value {
            let cell = cell(property.kind, value, product, pseudonyms);
            columns.push(Column { name: property.name, cell, counted: counted(property.kind) });
        }
    }
    columns
}

/// The envelope entries and properties by which events of one name are counted,
/// entries first.
pub(crate) fn counted_names(catalog: &Catalog, event: &'static Event) -> Vec<&'static str> {
    let entries = catalog.envelope.iter().filter(|entry| event.property(entry.key).is_none());
    let entries = entries.filter_map(|entry| {
        let kind = entry_kind(entry.source)?;
        Some((entry.key, counted_entry(entry.source, kind)))
    });
    let properties = event.properties.iter();
    let properties = properties.map(|property| (property.name, counted(property.kind)));
    let counted = entries.chain(properties).filter(|(_, counted)| *counted == Counted::ByValue);
    counted.map(|(name, _)| name).collect()
}

/// A value that [`Checked`] has outside its envelope: the event's time.
fn outside_envelope(source: Source, checked: &Checked) -> Option<Cell<'static>> {
    match source {
        Source::Time(_) => Some(Cell::Seconds(checked.time?.seconds())),
        _ => None,
    }
}

/// The kind of an envelope entry; `None` if the entry is another field of the
/// row.
fn entry_kind(source: Source) -> Option<Kind> {
    Some(match source {
        Source::EventId | Source::Event | Source::Device | Source::Properties => return None,
        Source::Time(grain) => Kind::Time(grain),
        Source::Session => Kind::Reference(Reference::Session),
        Source::Turn => Kind::Reference(Reference::Turn),
        Source::Account => Kind::Reference(Reference::Account),
        Source::Version => Kind::Version,
        Source::CatalogVersion => Kind::Count { cap: u64::MAX },
        Source::Platform(_) | Source::Arch(_) => Kind::Choice { set: &[], other: None },
        Source::Locale => Kind::Locale,
        Source::Ci => Kind::Flag,
        Source::Marks => Period::MARKS,
        Source::Age => Age::KIND,
        Source::Constant(word) => Kind::Constant(word),
        Source::Host(kind) => kind,
    })
}

/// Whether a rollup counts events by the values of an entry. Marks and ages
/// have a rollup of their own.
fn counted_entry(source: Source, kind: Kind) -> Counted {
    match source {
        Source::Marks | Source::Age => Counted::No,
        _ => counted(kind),
    }
}

/// Whether a rollup counts events by the values of this kind.
fn counted(kind: Kind) -> Counted {
    match kind {
        Kind::Flag
        | Kind::Choice { .. }
        | Kind::Choices { .. }
        | Kind::Function { .. }
        | Kind::Class { .. }
        | Kind::Version
        | Kind::Locale
        | Kind::Token { .. } => Counted::ByValue,
        // A constant has one value. The others have too many, or point to a
        // person or a machine.
        Kind::Constant(_)
        | Kind::Count { .. }
        | Kind::Amount { .. }
        | Kind::Bucket { .. }
        | Kind::Duration { .. }
        | Kind::ExitCode
        | Kind::CountOf(_)
        | Kind::Time(_)
        | Kind::Location
        | Kind::Frames { .. }
        | Kind::Scrubbed { .. }
        | Kind::Reference(_) => Counted::No,
    }
}

fn cell(kind: Kind, value: &Value, product: &str, pseudonyms: &Pseudonyms) -> Cell<'static> {
    let text = |token: &Token| Cow::Owned(token.as_str().to_owned());
    match (kind, value) {
        (Kind::Reference(reference), Value::Token(token)) => {
            Cell::Pseudonym(pseudonyms.make(IdKind::from(reference), product, token.as_str()))
        }
        (_, Value::Token(token)) => Cell::Text(text(token)),
        (_, Value::Tokens(tokens)) => Cell::Texts(tokens.iter().map(text).collect()),
        (_, Value::Flag(flag)) => Cell::Flag(*flag),
        (_, Value::Number(number)) => Cell::Number(*number),
        (_, Value::Decimal(decimal)) => Cell::Decimal(decimal.get()),
        (_, Value::Word(word)) => Cell::Word(word.as_str()),
        (_, Value::Words(words)) => Cell::Words(words.iter().copied().map(Word::as_str).collect()),
        (_, Value::Time(time, _)) => Cell::Seconds(time.seconds()),
    }
}
