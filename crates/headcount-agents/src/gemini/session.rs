//! What a call by Gemini CLI tells. No hook of it names a command, and it tells
//! the end of an interactive session three times.

use crate::claude;
use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::What;
use crate::usual_form;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    match event.as_str() {
        "sessionstart" => Some(usual_form::start(fields)),
        "sessionend" => Some(What::End(claude::session::ending(fields.text("reason")))),
        "afteragent" => usual_form::turn(fields),
        _ => None,
    }
}
