//! What Datadog's official clients send, as logs: an array, one object, or one a
//! line.

use std::borrow::Cow;

use headcount_catalog::{Catalog, Event, Given, Kind, Raw, Reason, Source, Time, Unchecked};

use super::encode::{RESERVED, is_framed};
use super::limits;
use crate::flat::Flat;
use crate::json::parse;
use crate::{Json, Malformed, arrivals, unchecked};

/// A decoded body.
#[derive(Debug)]
pub struct Logs<'a> {
    arrivals: Vec<Result<Json<'a>, Reason>>,
}

/// One log of it.
#[derive(Debug, Clone, Copy)]
pub struct Log<'c>(&'c Json<'c>);

/// Reads a body of either form. A line that is no JSON costs itself and no
/// neighbour.
///
/// # Errors
///
/// [`Malformed`] where nothing in the body can be read, where an array is cut
/// short, or where there is more of it than is taken at once.
pub fn decode(body: &[u8]) -> Result<Logs<'_>, Malformed> {
    Ok(Logs { arrivals: arrivals::read(body)? })
}

impl Logs<'_> {
    /// Every log in the order of the body, or why it is none.
    pub fn logs(&self) -> impl Iterator<Item = Result<Log<'_>, Reason>> {
        self.arrivals.iter().map(|it| it.as_ref().map(Log).map_err(|reason| *reason))
    }
}

impl<'c> Log<'c> {
    /// The service it says it is of.
    #[must_use]
    pub fn service(&self) -> Option<&'c str> {
        self.0.get("service").and_then(Json::text)
    }

    /// What it claims to be, under the names of `catalog`.
    ///
    /// # Errors
    ///
    /// [`Reason::TooLong`] where it has more fields than any event.
    pub fn unchecked(&self, catalog: &Catalog) -> Result<Unchecked<'c>, Reason> {
        let text = |name: &str| self.0.get(name).and_then(Json::text);
        let event = text("message").and_then(|name| catalog.event(name));
        let flat = Flat::new(catalog, is_framed, &RESERVED);
        let mut fields: Vec<(Cow<'c, str>, Raw<'c>)> = Vec::new();
        let mut device = None;
        unchecked::each(self.0, |name, value| match (&*name, &value) {
            ("date" | "message" | "service" | "status" | "ddsource" | "ddtags", _) => {}
            ("usr.anonymous_id", Raw::Text(text)) => device = Some(*text),
            _ => {
                let is_reserved = name.split('.').next().is_some_and(|it| RESERVED.contains(&it));
                let name = if is_reserved { Cow::Borrowed("") } else { flat.back(name) };
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

/// Milliseconds since 1970, or text.
fn time(json: &Json<'_>) -> Option<Time> {
    match json {
        Json::Whole(milliseconds) if limits::DATES_MS.contains(milliseconds) => {
            Some(Time::from_milliseconds(*milliseconds))
        }
        Json::Text(text) => Time::parse(text),
        _ => None,
    }
}

/// Whether a field of the line holds a number or a flag.
fn is_number(catalog: &Catalog, event: &Event, key: &str) -> bool {
    let holder = catalog.key_of(|it| matches!(it, Source::Properties)).unwrap_or("");
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

/// The number or flag that a text is. Datadog's own client for its API can send
/// attributes as text alone.
fn number(value: Raw<'_>) -> Raw<'_> {
    match value.text().map(parse) {
        Some(Ok(Json::Flag(flag))) => Raw::Flag(flag),
        Some(Ok(Json::Whole(number))) => Raw::Integer(number),
        Some(Ok(Json::Decimal(number))) => Raw::Decimal(number),
        _ => value,
    }
}
