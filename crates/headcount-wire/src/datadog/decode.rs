//! Decodes what Datadog's official clients send: an array of logs, a single
//! log, or one log per line.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Given, Raw, Reason, Unchecked};

use super::encode::{RESERVED, is_framed};
use super::number::{is_number, number};
use crate::arrivals::{self, PlainForm};
use crate::flat_names::FlatNames;
use crate::unchecked::scalar;
use crate::{Json, Malformed, SentTime, unchecked};

/// A decoded body.
#[derive(Debug)]
pub struct Logs<'a> {
    arrivals: Vec<Result<Json<'a>, Reason>>,
}

/// One log of a body.
#[derive(Debug, Clone, Copy)]
pub struct Log<'c>(&'c Json<'c>);

/// Decodes a body of either form. A line that is not JSON is rejected on its
/// own.
///
/// # Errors
///
/// Returns [`Malformed`] if nothing in the body can be read, if an array is
/// incomplete, or if the body has more values or events than the limits allow.
pub fn decode(body: &[u8]) -> Result<Logs<'_>, Malformed> {
    Ok(Logs { arrivals: arrivals::read(body, PlainForm::Object)? })
}

impl Logs<'_> {
    /// Returns every log in the order of the body, or the reason why it is
    /// rejected.
    pub fn logs(&self) -> impl Iterator<Item = Result<Log<'_>, Reason>> {
        self.arrivals.iter().map(|arrival| arrival.as_ref().map(Log).map_err(|reason| *reason))
    }
}

impl<'c> Log<'c> {
    /// Returns the name of the service that the log is from.
    #[must_use]
    pub fn service(&self) -> Option<&'c str> {
        self.0.get("service").and_then(Json::text)
    }

    /// Returns the event under the names of `catalog`.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::TooLong`] if the log has more fields than
    /// [`limits::FIELDS`](crate::limits::FIELDS).
    pub fn unchecked(&self, catalog: &Catalog) -> Result<Unchecked<'c>, Reason> {
        let text = |name: &str| self.0.get(name).and_then(Json::text);
        let event = text("message").and_then(|name| catalog.event(name));
        let flat = FlatNames::new(catalog, is_framed, &RESERVED);
        let mut fields: Vec<(Cow<'c, str>, Raw<'c>)> = Vec::new();
        let mut device = None;
        unchecked::each(self.0, |name, value| match (&*name, &value) {
            ("date" | "message" | "service" | "status" | "ddsource" | "ddtags", _) => {}
            ("usr.anonymous_id", Raw::Text(text)) => device = Some(*text),
            _ => {
                let is_reserved =
                    name.split('.').next().is_some_and(|outermost| RESERVED.contains(&outermost));
                let name = if is_reserved { Cow::Borrowed("") } else { flat.line_key(name) };
                let is_text = event.is_none_or(|event| !is_number(catalog, event, &name));
                fields.push((name, if is_text { value } else { number(value) }));
            }
        })?;
        let date = self.0.get("date").filter(|date| **date != Json::Null);
        let date = date.or_else(|| self.0.get("timestamp")).map(scalar);
        let time = SentTime::of_datadog(date.as_ref());
        if time == SentTime::Unreadable {
            fields.push((Cow::Borrowed(""), Raw::Other));
        }
        let given = Given {
            event: text("message"),
            time: time.time(),
            device,
            version: text("version"),
            ..Given::default()
        };
        Ok(Unchecked { fields, given })
    }
}
