//! A list of events as arrivals.

use headcount_catalog::Reason;

use crate::json::parse;
use crate::{Json, Malformed, limits};

/// What is wanted of a body, for the sentence that says so.
const WANTED: &str = "{\"events\":[…]}";

/// A decoded body.
#[derive(Debug)]
pub struct Events<'a>(Json<'a>);

/// Reads a body.
///
/// # Errors
///
/// [`Malformed`] where it is no JSON, has no list `events`, or has more than
/// [`limits::REQUEST_EVENTS`] in it.
pub fn decode(body: &[u8]) -> Result<Events<'_>, Malformed> {
    let text = Malformed::utf8(body, WANTED)?;
    let json = parse(text).map_err(|fault| Malformed::json(body, fault, WANTED))?;
    let Some(Json::List(events)) = json.get("events") else {
        return Err(Malformed::because(format!("the body has no list `events`: send {WANTED}")));
    };
    if events.len() > limits::REQUEST_EVENTS {
        return Err(Malformed::too_many(events.len()));
    }
    Ok(Events(json))
}

impl Events<'_> {
    /// Every event in the order of the body, for [`unchecked`](crate::unchecked) to
    /// read, or why it is none.
    pub fn events(&self) -> impl Iterator<Item = Result<&Json<'_>, Reason>> {
        let events = self.0.get("events").map(Json::items).unwrap_or_default();
        events.iter().map(|json| if json.is_object() { Ok(json) } else { Err(Reason::Malformed) })
    }
}
