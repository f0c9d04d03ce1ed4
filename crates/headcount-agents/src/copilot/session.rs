//! What a call by Copilot CLI tells. It has no hook for commands: they are in
//! the session's `events.jsonl`.

use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::{Ending, What};
use crate::usual_form;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    if fields.has("agentId") || fields.has("agent_id") {
        return None;
    }
    match event.as_str() {
        "sessionstart" => Some(usual_form::start(fields)),
        "sessionend" => Some(What::End(match fields.text("reason") {
            Some("user_exit" | "complete") => Ending::Exit,
            Some("error" | "timeout") => Ending::Error,
            _ => Ending::Other,
        })),
        "agentstop" | "stop" => usual_form::turn(fields),
        _ => None,
    }
}
