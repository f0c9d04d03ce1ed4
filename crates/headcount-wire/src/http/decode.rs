//! Decodes a list of events.

use headcount_catalog::Reason;

use crate::flat::WANTED_PLAIN as WANTED;
use crate::json::{Fault, parse_body};
use crate::{Json, Malformed, limits};

/// A decoded body.
#[derive(Debug)]
pub struct Events<'a>(Json<'a>);

/// Decodes a body.
///
/// # Errors
///
/// Returns [`Malformed`] if the body is not JSON, has no array `events`, or has
/// more than [`limits::REQUEST_EVENTS`] events.
pub fn decode(body: &[u8]) -> Result<Events<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    let json = parse_body(text).map_err(|fault| Malformed::json(body, fault, WANTED))?;
    let events = json.get("events");
    if events.is_some_and(|events| events.items().len() > limits::REQUEST_EVENTS) {
        return Err(Malformed::too_many());
    }
    if json.count("events") > 1 {
        return Err(Malformed::json(body, Fault::Repeated("events"), WANTED));
    }
    if !matches!(events, Some(Json::List(_))) {
        return Err(Malformed::because(format!("the body has no array `events`: send {WANTED}")));
    }
    Ok(Events(json))
}

impl<'a> Events<'a> {
    /// Returns every event of the body.
    pub(crate) fn into_events(self) -> Vec<Result<Json<'a>, Reason>> {
        let Json::Object(fields) = self.0 else { return Vec::new() };
        let events = fields.into_iter().find(|(name, _)| name == "events");
        let Some((_, Json::List(events))) = events else { return Vec::new() };
        let object =
            |json: Json<'a>| if json.is_object() { Ok(json) } else { Err(Reason::Malformed) };
        events.into_iter().map(object).collect()
    }

    /// Returns every event in the order of the body, for
    /// [`unchecked`](crate::unchecked) to read, or the reason why it is
    /// rejected.
    pub fn events(&self) -> impl Iterator<Item = Result<&Json<'_>, Reason>> {
        let events = self.0.get("events").map(Json::items).unwrap_or_default();
        events.iter().map(|json| if json.is_object() { Ok(json) } else { Err(Reason::Malformed) })
    }
}
