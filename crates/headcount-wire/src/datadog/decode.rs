//! Decodes what Datadog's official clients send: an array of logs, a single
//! log, or one log per line.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Event, Given, Kind, Raw, Reason, Source, Time, Unchecked};

use super::encode::{RESERVED, is_framed};
use super::limits;
use crate::flat_names::FlatNames;
use crate::json::parse;
use crate::{Json, Malformed, arrivals, unchecked};

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
    Ok(Logs { arrivals: arrivals::read(body)? })
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
        let given = Given {
            event: text("message"),
            time: self.0.get("date").or_else(|| self.0.get("timestamp")).and_then(time),
            device,
            version: text("version"),
            ..Given::default()
        };
        Ok(Unchecked { fields, given })
    }
}

/// Reads a time: milliseconds since 1970, or text.
fn time(json: &Json<'_>) -> Option<Time> {
    match json {
        Json::Whole(milliseconds) if limits::DATES_MS.contains(milliseconds) => {
            Some(Time::from_milliseconds(*milliseconds))
        }
        Json::Text(text) => Time::parse(text),
        _ => None,
    }
}

/// Whether the catalog has a number or a flag at this key of the line.
fn is_number(catalog: &Catalog, event: &Event, key: &str) -> bool {
    let holder = catalog.key_of(|source| matches!(source, Source::Properties)).unwrap_or("");
    let own = match holder {
        "" => Some(key),
        holder => key.strip_prefix(holder).and_then(|rest| rest.strip_prefix('.')),
    };
    let property = own.and_then(|name| event.property(name)).map(|(_, property)| property.kind);
    let entry = || catalog.envelope.iter().find(|entry| entry.key == key)?.source.kind();
    matches!(
        property.or_else(entry),
        Some(
            Kind::Flag
                | Kind::Count { .. }
                | Kind::Amount { .. }
                | Kind::Bucket { .. }
                | Kind::Duration { .. }
                | Kind::ExitCode
        )
    )
}

/// Converts text to the number or flag it contains. Datadog's official API
/// client can send attributes only as text.
fn number(value: Raw<'_>) -> Raw<'_> {
    match value.text().map(parse) {
        Some(Ok(Json::Flag(flag))) => Raw::Flag(flag),
        Some(Ok(Json::Whole(number))) => Raw::Integer(number),
        Some(Ok(Json::Decimal(number))) => Raw::Decimal(number),
        _ => value,
    }
}
