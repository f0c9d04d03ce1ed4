//! The canonical record as text: one JSON object a line.

use headcount_catalog::{Catalog, Checked, Reason, Source};

use crate::json::{Object, parse};
use crate::{LineError, fields, limits, unchecked};

/// Writes a record as its line, without the newline.
///
/// The keys are in the order of the catalog's envelope. Consecutive keys with
/// the same part before the dot share one object.
///
/// # Errors
///
/// Returns [`LineError`] if a required value is missing, or if the line would
/// be longer than [`limits::LINE_BYTES`].
pub fn write(catalog: &Catalog, record: &Checked) -> Result<String, LineError> {
    let line = text(catalog, record)?;
    if line.len() > limits::LINE_BYTES { Err(LineError::too_long()) } else { Ok(line) }
}

/// Writes a record as its line, however long it is. A record that was read is
/// always sent, even if other escapes have made it a little longer.
pub(crate) fn text(catalog: &Catalog, record: &Checked) -> Result<String, LineError> {
    let mut object = Object::new();
    fields::each(catalog, record, |field| {
        object.put_in(field.holder, field.name, &field.value);
    })?;
    Ok(object.finish())
}

/// Reads a line and checks it against the catalog. Every dialect can write the
/// record that is returned.
///
/// # Errors
///
/// Returns the reason why the record is rejected; [`Reason::Malformed`] if the
/// line is not a JSON object.
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
