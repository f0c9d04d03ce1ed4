//! What PostHog's official clients send, as captures.
//!
//! `{"api_key":…,"batch":[…]}`, a single event, or an array of events, each
//! perhaps with a key of its own; and the newer `/i/v1/analytics/events`, whose
//! key is in the `Authorization` header.

use std::borrow::Cow;

use headcount_catalog::{Catalog, EventId, Given, Raw, Reason, Time, Unchecked};

use super::encode::is_framed;
use crate::flat::Flat;
use crate::json::parse;
use crate::{Json, Malformed, limits, unchecked};

/// What is wanted of a body, for the sentence that says so.
const WANTED: &str = "{\"api_key\":…,\"batch\":[…]}, one event, or an array of events";

/// A decoded body.
#[derive(Debug)]
pub struct Captures<'a> {
    body: Json<'a>,
}

/// One event of it.
#[derive(Debug, Clone, Copy)]
pub struct Capture<'c> {
    root: Option<&'c Json<'c>>,
    event: &'c Json<'c>,
}

/// Reads a body in JSON; see [`unwrapped`](super::unwrapped) for one in a form.
///
/// # Errors
///
/// [`Malformed`] where it is no JSON, or of another shape.
pub fn decode(body: &[u8]) -> Result<Captures<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    match parse(text) {
        Ok(body @ (Json::Object(_) | Json::List(_))) => Ok(Captures { body }),
        Ok(_) => Err(Malformed::because(format!("the body holds no event: send {WANTED}"))),
        Err(fault) => Err(Malformed::json(body, fault, WANTED)),
    }
}

impl Captures<'_> {
    /// Every event, in the order of the body.
    ///
    /// # Errors
    ///
    /// [`Malformed`] where there are more than [`limits::REQUEST_EVENTS`], or
    /// where `batch` is no list.
    pub fn captures(&self) -> Result<Vec<Capture<'_>>, Malformed> {
        let (root, events) = match (&self.body, self.body.get("batch")) {
            (Json::List(events), _) => (None, &events[..]),
            (root, Some(Json::List(events))) => (Some(root), &events[..]),
            (_, Some(_)) => {
                return Err(Malformed::because(format!("`batch` is no list: send {WANTED}")));
            }
            (event, None) => (None, std::slice::from_ref(event)),
        };
        if events.len() > limits::REQUEST_EVENTS {
            return Err(Malformed::too_many(events.len()));
        }
        Ok(events.iter().map(|event| Capture { root, event }).collect())
    }
}

impl<'c> Capture<'c> {
    /// The key it shows: the body's, its own, or that of its properties.
    #[must_use]
    pub fn key(&self) -> Option<&'c str> {
        let own = [self.root, Some(self.event)].into_iter().flatten();
        own.flat_map(|json| [json.get("api_key"), json.get("token")])
            .chain([self.property("token")])
            .flatten()
            .filter_map(Json::text)
            .find(|key| !key.is_empty())
    }

    /// Its id as it was sent: the newer answer names events by it.
    #[must_use]
    pub fn uuid(&self) -> Option<&'c str> {
        self.event.get("uuid").and_then(Json::text)
    }

    /// What it claims to be, under the names of `catalog`.
    ///
    /// # Errors
    ///
    /// [`Reason::Malformed`] where it is no object, [`Reason::TooLong`] where it
    /// has more fields than any event.
    pub fn unchecked(&self, catalog: &Catalog) -> Result<Unchecked<'c>, Reason> {
        if !self.event.is_object() {
            return Err(Reason::Malformed);
        }
        let flat = Flat::new(catalog, is_framed, &[]);
        let mut fields: Vec<(Cow<'c, str>, Raw<'c>)> = Vec::new();
        if let Some(properties) = self.event.get("properties") {
            unchecked::each(properties, |name, value| {
                if !is_ours(&name, &value) {
                    fields.push((flat.back(name), value));
                }
            })?;
        }
        // What else stands beside the frame is nothing a catalog knows.
        let foreign = self.event.fields().iter().filter(|(name, _)| !FRAME.contains(&&**name));
        fields.extend(foreign.take(limits::FIELDS).map(|_| (Cow::Borrowed(""), Raw::Other)));
        let text = |name: &str| self.event.get(name).and_then(Json::text);
        let given = Given {
            event: text("event"),
            id: self.uuid().and_then(EventId::parse),
            time: text("timestamp").and_then(Time::parse),
            device: text("distinct_id").or_else(|| self.property("distinct_id")?.text()),
            ..Given::default()
        };
        Ok(Unchecked { fields, given })
    }

    fn property(&self, name: &str) -> Option<&'c Json<'c>> {
        self.event.get("properties").and_then(|properties| properties.get(name))
    }
}

/// What stands beside `properties` in every event, and never reaches a store.
const FRAME: [&str; 11] = [
    "event",
    "uuid",
    "timestamp",
    "distinct_id",
    "properties",
    "api_key",
    "token",
    "batch",
    "historical_migration",
    "sent_at",
    "offset",
];

/// Whether a property is one that says how an event is to be treated, as our own
/// shipper writes it. None is kept; they are not worth a line among what was
/// dropped either, unlike an address in `$ip`.
fn is_ours(name: &str, value: &Raw<'_>) -> bool {
    match name {
        "$process_person_profile"
        | "$geoip_disable"
        | "$lib"
        | "$lib_version"
        | "token"
        | "distinct_id" => true,
        "$ip" => *value == Raw::Text(""),
        _ => false,
    }
}
