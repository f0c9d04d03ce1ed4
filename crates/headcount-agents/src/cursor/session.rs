//! What a call by Cursor tells, and what Cursor must hear.

use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::{Ending, What};

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    match event.as_str() {
        "sessionstart" => Some(What::Start),
        "sessionend" => Some(What::End(match fields.text("reason") {
            Some("completed" | "window_close" | "user_close") => Ending::Exit,
            Some("error") => Ending::Error,
            _ => Ending::Other,
        })),
        "stop" => Some(What::Turn),
        _ => None,
    }
}

/// What Cursor reads on standard output: without it, it reports a failure of
/// the hook, or keeps a prompt back.
pub(crate) fn answer(event: Option<&EventName>) -> &'static str {
    match event.map(EventName::as_str) {
        Some("stop") => "{}\n",
        Some("beforesubmitprompt") => "{\"continue\":true}\n",
        _ => "",
    }
}
