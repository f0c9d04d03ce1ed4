//! The canonical record as text: one JSON object a line.

use std::fmt;

use headcount_catalog::{Catalog, Checked, Reason, Source};

use crate::json::{Object, parse};
use crate::{fields, limits, unchecked};

/// Why a record could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    /// A property or envelope entry that must be there is not.
    Missing(&'static str),
    /// The line would be longer than [`limits::LINE_BYTES`].
    TooLong,
}

impl fmt::Display for LineError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => {
                write!(out, "the record has no `{key}`, which its catalog requires")
            }
            Self::TooLong => {
                write!(out, "the record is longer than {} bytes", limits::LINE_BYTES)
            }
        }
    }
}

impl std::error::Error for LineError {}

/// Writes a record as its line, without the newline.
///
/// Keys stand in the order of the catalog's envelope; consecutive keys with
/// the same part before the dot share one object.
///
/// # Errors
///
/// [`LineError`] where the line would not be one that [`read`] accepts.
pub fn write(catalog: &Catalog, record: &Checked) -> Result<String, LineError> {
    let line = text(catalog, record)?;
    if line.len() > limits::LINE_BYTES { Err(LineError::TooLong) } else { Ok(line) }
}

/// The line whatever its length: a record that was read is sent, also where
/// another version's escapes have made it a little longer.
pub(crate) fn text(catalog: &Catalog, record: &Checked) -> Result<String, LineError> {
    let mut object = Object::new();
    fields::each(catalog, record, |field| {
        object.put((field.holder, field.name), &field.value);
    })?;
    Ok(object.finish())
}

/// Reads a line and judges it. What it returns, every dialect can write.
///
/// # Errors
///
/// The reason why it cannot be taken; [`Reason::Malformed`] where it is not an
/// object of JSON.
pub fn read(catalog: &Catalog, line: &str) -> Result<Checked, Reason> {
    if line.len() > limits::LINE_BYTES {
        return Err(Reason::TooLong);
    }
    let json = parse(line).map_err(|_| Reason::Malformed)?;
    let checked = catalog.check(&unchecked(&json)?)?;
    let has = |wanted: fn(&Source) -> bool| {
        catalog.entries(checked.event).any(|(_, entry)| wanted(&entry.source))
    };
    if checked.id.is_none() && has(|source| matches!(source, Source::EventId)) {
        return Err(Reason::MissingId);
    }
    if checked.time.is_none() && has(|source| matches!(source, Source::Time(_))) {
        return Err(Reason::MissingTime);
    }
    Ok(checked)
}
