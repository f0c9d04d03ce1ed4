//! A JSON object as an unchecked event: flat fields, whose values a kind of the
//! catalog can check.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw, Reason, Unchecked};

use crate::json::parse;
use crate::{Json, limits};

/// Reads an object with a product's own names. The fields of an object within
/// it get names with a dot; a catalog knows no deeper nesting.
///
/// # Errors
///
/// - [`Reason::Malformed`] if the JSON is not an object.
/// - [`Reason::TooLong`] if it has more than [`limits::FIELDS`] fields.
pub fn unchecked<'a>(json: &'a Json<'_>) -> Result<Unchecked<'a>, Reason> {
    if !json.is_object() {
        return Err(Reason::Malformed);
    }
    let mut fields = Vec::with_capacity(json.fields().len().min(limits::FIELDS));
    each(json, |key, value| fields.push((key, value)))?;
    Ok(Unchecked { fields, given: Given::default() })
}

/// Parses one line of JSON; `None` if it is not valid, or too long.
#[must_use]
pub fn parse_line(line: &str) -> Option<Json<'_>> {
    if line.len() > limits::LINE_BYTES { None } else { parse(line).ok() }
}

/// Calls `put` with each field of an object. The fields of objects within it
/// get names with a dot.
///
/// # Errors
///
/// Returns [`Reason::TooLong`] if there are more than [`limits::FIELDS`]
/// fields.
pub(crate) fn each<'a>(
    json: &'a Json<'_>,
    mut put: impl FnMut(Cow<'a, str>, Raw<'a>),
) -> Result<(), Reason> {
    let mut left = limits::FIELDS;
    for (key, value) in json.fields() {
        let inner = value.fields();
        left = left.checked_sub(inner.len().max(1)).ok_or(Reason::TooLong)?;
        if inner.is_empty() {
            put(Cow::Borrowed(key), raw(value));
        }
        for (name, value) in inner {
            put(Cow::Owned(format!("{key}.{name}")), raw(value));
        }
    }
    Ok(())
}

/// Converts a JSON value.
pub(crate) fn raw<'a>(value: &'a Json<'_>) -> Raw<'a> {
    match value {
        Json::List(items) if items.len() <= limits::LIST_VALUES => {
            Raw::List(items.iter().map(scalar).collect())
        }
        value => scalar(value),
    }
}

/// Converts an item of a list. No kind accepts a list of lists.
pub(crate) fn scalar<'a>(value: &'a Json<'_>) -> Raw<'a> {
    match value {
        Json::Null => Raw::Null,
        Json::Flag(flag) => Raw::Flag(*flag),
        Json::Whole(number) => Raw::Integer(*number),
        Json::Decimal(number) => Raw::Decimal(*number),
        Json::Text(text) => Raw::Text(text),
        Json::List(_) | Json::Object(_) | Json::OutOfRange => Raw::Other,
    }
}
