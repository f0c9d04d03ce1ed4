//! What OpenClacky sends, as an unchecked event.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Event, Given, Reason, Unchecked};

use super::encode::is_framed;
use crate::json::parse;
use crate::{Json, Malformed, unchecked};

/// What is wanted of a body, for the sentence that says so.
const WANTED: &str = "one JSON object";

/// A decoded body.
#[derive(Debug)]
pub struct ClackyEvent<'a>(Json<'a>);

/// The event whose path this is; a slash at its end is no mistake.
#[must_use]
pub fn event(catalog: &Catalog, path: &str) -> Option<&'static Event> {
    let wanted = path.trim_end_matches('/');
    let mut events = catalog.events.iter();
    events.find(|event| event.path.is_some_and(|path| path.trim_end_matches('/') == wanted))
}

/// Reads a body.
///
/// # Errors
///
/// [`Malformed`] where it is no object of JSON.
pub fn decode(body: &[u8]) -> Result<ClackyEvent<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    match parse(text) {
        Ok(json @ Json::Object(_)) => Ok(ClackyEvent(json)),
        Ok(_) => Err(Malformed::because(format!("the body is JSON but no object: send {WANTED}"))),
        Err(fault) => Err(Malformed::json(body, fault, WANTED)),
    }
}

impl ClackyEvent<'_> {
    /// What it claims to be, under the names of `catalog`: an `event` without id
    /// and time, which are the collector's to give.
    ///
    /// # Errors
    ///
    /// [`Reason::TooLong`] where it has more fields than any event.
    pub fn unchecked<'c>(
        &'c self,
        catalog: &Catalog,
        event: &'c str,
    ) -> Result<Unchecked<'c>, Reason> {
        let mut fields = Vec::new();
        unchecked::each(&self.0, |name, value| {
            let entry = catalog.envelope.iter().find(|entry| entry.key == name);
            let is_foreign = entry.is_some_and(|entry| is_framed(&entry.source));
            fields.push((if is_foreign { Cow::Borrowed("") } else { name }, value));
        })?;
        Ok(Unchecked { fields, given: Given { event: Some(event), ..Given::default() } })
    }
}
