//! What a call by Gemini CLI tells. No hook of it names a command, and it tells
//! the end of an interactive session three times.

use crate::claude;
use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::What;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    match event.as_str() {
        "sessionstart" => Some(match fields.text("source") {
            Some("resume") => What::Continued,
            _ => What::Start,
        }),
        "sessionend" => Some(What::End(claude::session::ending(fields.text("reason")))),
        "afteragent" if fields.text("stop_hook_active") == Some("true") => None,
        "afteragent" => Some(What::Turn),
        _ => None,
    }
}
