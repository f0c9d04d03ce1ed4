//! Decodes what PostHog's official clients send: `{"api_key":…,"batch":[…]}`, a
//! single event, or an array of events, each of which may have its own key; and
//! the newer `/i/v1/analytics/events`, whose key is in the `Authorization`
//! header.

use std::borrow::Cow;

use headcount_catalog::{Catalog, EventId, Given, Raw, Reason, Unchecked};

use super::encode::is_framed;
use super::frame::{FRAME, WANTED, is_ours};
use crate::flat_names::FlatNames;
use crate::json::{Fault, parse_body};
use crate::unchecked::scalar;
use crate::{Json, Malformed, SentTime, limits, unchecked};

/// A decoded body.
#[derive(Debug)]
pub struct Captures<'a> {
    body: Json<'a>,
}

/// One event of a body.
#[derive(Debug, Clone, Copy)]
pub struct Capture<'c> {
    root: Option<&'c Json<'c>>,
    event: &'c Json<'c>,
}

/// Decodes a body in JSON. [`unwrapped`](super::unwrapped) takes it out of a
/// form.
///
/// # Errors
///
/// Returns [`Malformed`] if the body is neither a JSON object nor a JSON array.
pub fn decode(body: &[u8]) -> Result<Captures<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    match parse_body(text) {
        Ok(body @ (Json::Object(_) | Json::List(_))) => Ok(Captures { body }),
        Ok(_) => Err(Malformed::because(format!("the body contains no event: send {WANTED}"))),
        Err(fault) => Err(Malformed::json(body, fault, WANTED)),
    }
}

impl Captures<'_> {
    /// Returns every event in the order of the body.
    ///
    /// # Errors
    ///
    /// Returns [`Malformed`] if there are more than [`limits::REQUEST_EVENTS`]
    /// events, or if `batch` is not an array.
    pub fn captures(&self) -> Result<Vec<Capture<'_>>, Malformed> {
        if self.body.count("batch") > 1 {
            return Err(Malformed::json(&[], Fault::Repeated("batch"), WANTED));
        }
        let (root, events) = match (&self.body, self.body.get("batch")) {
            (Json::List(events), _) => (None, &events[..]),
            (root, Some(Json::List(events))) => (Some(root), &events[..]),
            (_, Some(_)) => {
                return Err(Malformed::because(format!("`batch` is not an array: send {WANTED}")));
            }
            (event, None) => (None, std::slice::from_ref(event)),
        };
        if events.len() > limits::REQUEST_EVENTS {
            return Err(Malformed::too_many());
        }
        Ok(events.iter().map(|event| Capture { root, event }).collect())
    }
}

impl<'c> Capture<'c> {
    /// Returns the key: that of the body, of the event or in its properties.
    #[must_use]
    pub fn key(&self) -> Option<&'c str> {
        let own = [self.root, Some(self.event)].into_iter().flatten();
        own.flat_map(|json| [json.get("api_key"), json.get("token")])
            .chain([self.property("token")])
            .flatten()
            .filter_map(Json::text)
            .find(|key| !key.is_empty())
    }

    /// Returns the id as it was sent. The newer answer refers to events by it.
    #[must_use]
    pub fn uuid(&self) -> Option<&'c str> {
        self.event.get("uuid").and_then(Json::text)
    }

    /// Returns the event under the names of `catalog`.
    ///
    /// # Errors
    ///
    /// - [`Reason::Malformed`] if the event is not an object.
    /// - [`Reason::TooLong`] if it has more than [`limits::FIELDS`] fields.
    pub fn unchecked(&self, catalog: &Catalog) -> Result<Unchecked<'c>, Reason> {
        if !self.event.is_object() {
            return Err(Reason::Malformed);
        }
        let flat = FlatNames::new(catalog, is_framed, &[]);
        let mut fields: Vec<(Cow<'c, str>, Raw<'c>)> = Vec::new();
        if let Some(properties) = self.event.get("properties") {
            unchecked::each(properties, |name, value| {
                if !is_ours(&name, &value) {
                    fields.push((flat.line_key(name), value));
                }
            })?;
        }
        // No catalog knows fields beside `properties`, so they are counted as
        // unknown.
        let foreign = self.event.fields().iter().filter(|(name, _)| !FRAME.contains(&&**name));
        fields.extend(foreign.take(limits::FIELDS).map(|_| (Cow::Borrowed(""), Raw::Other)));
        let text = |name: &str| self.event.get(name).and_then(Json::text);
        let time = SentTime::of_posthog(self.event.get("timestamp").map(scalar).as_ref());
        if time == SentTime::Unreadable {
            fields.push((Cow::Borrowed(""), Raw::Other));
        }
        let given = Given {
            event: text("event"),
            id: self.uuid().and_then(EventId::parse),
            time: time.time(),
            device: text("distinct_id").or_else(|| self.property("distinct_id")?.text()),
            ..Given::default()
        };
        Ok(Unchecked { fields, given })
    }

    fn property(&self, name: &str) -> Option<&'c Json<'c>> {
        self.event.get("properties").and_then(|properties| properties.get(name))
    }
}
