//! The fields of a record in the order of its line. Every dialect's encoder
//! goes through them.

use headcount_catalog::{Absent, Catalog, Checked, Source, Value};

use crate::LineError;
use crate::json::Written;

/// One field of a record.
pub(crate) struct Field<'a> {
    /// Where the value comes from; [`Source::Properties`] for a property of the
    /// event.
    pub(crate) source: &'static Source,
    /// The key of the object that contains it; empty for the line itself.
    pub(crate) holder: &'static str,
    /// The key in that object.
    pub(crate) name: &'static str,
    /// The value to write.
    pub(crate) value: Written<'a>,
}

/// Calls `put` with each field of `record`, in the order of the catalog's
/// envelope. A property whose last day was before the record is left out, even
/// if it is required.
///
/// # Errors
///
/// Returns [`LineError`] if a required value is missing.
pub(crate) fn each<'a>(
    catalog: &Catalog,
    record: &'a Checked,
    mut put: impl FnMut(Field<'a>),
) -> Result<(), LineError> {
    for (place, entry) in catalog.entries(record.event) {
        let source = &entry.source;
        if *source == Source::Properties {
            for (place, property) in record.event.properties.iter().enumerate() {
                if record.time.is_some_and(|time| property.is_expired(time.day())) {
                    continue;
                }
                let value = record.properties.get(place).and_then(Option::as_ref);
                if let Some(value) = written(property.name, value, property.absent())? {
                    put(Field { source, holder: entry.key, name: property.name, value });
                }
            }
            continue;
        }
        let (holder, name) = entry.key.split_once('.').unwrap_or(("", entry.key));
        let value = match *source {
            Source::Event => Some(Written::Text(record.event.name)),
            Source::EventId => Some(Written::Id(record.id.ok_or(LineError::missing(entry.key))?)),
            Source::Time(grain) => {
                let time = record.time.ok_or(LineError::missing(entry.key))?;
                Some(Written::Time(time, grain))
            }
            _ => {
                let value = record.envelope.get(place).and_then(Option::as_ref);
                written(entry.key, value, entry.optional)?
            }
        };
        if let Some(value) = value {
            put(Field { source, holder, name, value });
        }
    }
    Ok(())
}

/// Returns the value to write for a key; `None` to leave the key out.
fn written<'a>(
    key: &'static str,
    value: Option<&'a Value>,
    optional: Option<Absent>,
) -> Result<Option<Written<'a>>, LineError> {
    match (value, optional) {
        (Some(value), _) => Ok(Some(Written::Value(value))),
        (None, Some(Absent::Null)) => Ok(Some(Written::Null)),
        (None, Some(Absent::Omit)) => Ok(None),
        (None, None) => Err(LineError::missing(key)),
    }
}
