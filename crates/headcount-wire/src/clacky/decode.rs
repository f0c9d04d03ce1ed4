//! Decodes what OpenClacky sends.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Given, Raw, Reason, Unchecked};

use super::encode::is_framed;
use super::host_os::platform_word;
use crate::flat::WANTED_SINGLE as WANTED;
use crate::json::parse_body;
use crate::{Json, Malformed, unchecked};

/// A decoded body.
#[derive(Debug)]
pub struct ClackyEvent<'a>(Json<'a>);

/// Decodes a body.
///
/// # Errors
///
/// Returns [`Malformed`] if the body is not a JSON object.
pub fn decode(body: &[u8]) -> Result<ClackyEvent<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    match parse_body(text) {
        Ok(json @ Json::Object(_)) => Ok(ClackyEvent(json)),
        Ok(_) => Err(Malformed::not_an_object(WANTED)),
        Err(fault) => Err(Malformed::json(body, fault, WANTED)),
    }
}

impl ClackyEvent<'_> {
    /// Returns the event under the names of `catalog`. It has neither id nor
    /// time: the collector adds both.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::TooLong`] if the body has more fields than
    /// [`limits::FIELDS`](crate::limits::FIELDS).
    pub fn unchecked<'c>(
        &'c self,
        catalog: &Catalog,
        event: &'c str,
    ) -> Result<Unchecked<'c>, Reason> {
        let mut fields = Vec::new();
        unchecked::each(&self.0, |name, value| {
            let entry = catalog.envelope.iter().find(|entry| entry.key == name);
            let is_foreign = entry.is_some_and(|entry| is_framed(&entry.source));
            let word = value.text().and_then(|text| platform_word(&name, text));
            let value = word.map_or(value, Raw::Text);
            fields.push((if is_foreign { Cow::Borrowed("") } else { name }, value));
        })?;
        Ok(Unchecked { fields, given: Given { event: Some(event), ..Given::default() } })
    }
}
