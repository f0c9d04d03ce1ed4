//! A JSON object as an unchecked event: flat fields, each of a shape that a kind can
//! judge.

use std::borrow::Cow;

use headcount_catalog::{Given, Raw, Reason, Unchecked};

use crate::{Json, limits};

/// Reads an object of a product's own names. An object within it becomes
/// fields with a dot in their names; anything deeper is nothing a catalog
/// knows.
///
/// # Errors
///
/// [`Reason::Malformed`] where it is not an object, [`Reason::TooLong`] where it
/// has more than [`limits::FIELDS`] fields.
pub fn unchecked<'a>(json: &'a Json<'_>) -> Result<Unchecked<'a>, Reason> {
    if !json.is_object() {
        return Err(Reason::Malformed);
    }
    let mut fields = Vec::with_capacity(json.fields().len().min(limits::FIELDS));
    each(json, |key, value| fields.push((key, value)))?;
    Ok(Unchecked { fields, given: Given::default() })
}

/// Calls `put` with every field of an object, those of objects within it under
/// names with a dot.
///
/// # Errors
///
/// [`Reason::TooLong`] beyond [`limits::FIELDS`].
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

/// A JSON value as a kind sees it.
pub(crate) fn raw<'a>(value: &'a Json<'_>) -> Raw<'a> {
    match value {
        Json::List(items) if items.len() <= limits::LIST_VALUES => {
            Raw::List(items.iter().map(single).collect())
        }
        value => single(value),
    }
}

/// An item of a list: no kind admits a list of lists.
pub(crate) fn single<'a>(value: &'a Json<'_>) -> Raw<'a> {
    match value {
        Json::Null => Raw::Null,
        Json::Flag(flag) => Raw::Flag(*flag),
        Json::Whole(number) => Raw::Integer(*number),
        Json::Decimal(number) => Raw::Decimal(*number),
        Json::Text(text) => Raw::Text(text),
        Json::List(_) | Json::Object(_) | Json::Beyond => Raw::Other,
    }
}
