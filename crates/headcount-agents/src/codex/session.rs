//! What a call by Codex tells. Its reason for an end is always `other`.

use crate::event_name::EventName;
use crate::fields::Fields;
use crate::prompted;
use crate::told::{Ending, What};
use crate::usual_form;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    if fields.has("agent_id") {
        return None;
    }
    match event.as_str() {
        "sessionstart" => Some(usual_form::start(fields)),
        "sessionend" => Some(What::End(Ending::Other)),
        "userpromptsubmit" => prompted::command(fields.text("prompt")?),
        "stop" => usual_form::turn(fields),
        _ => None,
    }
}
