//! What a call by Qwen Code tells. A session that is not interactive tells no
//! end.

use crate::claude;
use crate::command_name::CommandName;
use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::{Invocation, What};
use crate::usual_form;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    if fields.has("agent_id") {
        return None;
    }
    match event.as_str() {
        "sessionstart" => Some(usual_form::start(fields)),
        "sessionend" => Some(What::End(claude::session::ending(fields.text("reason")))),
        "userpromptexpansion" => {
            let name = CommandName::read(fields.text("command_name")?)?;
            Some(What::Command(name, Invocation::Typed))
        }
        "stop" => usual_form::turn(fields),
        _ => None,
    }
}
