//! What a call by Claude Code tells. Grok Build runs the same hooks with the
//! same keys.

use crate::command_name::CommandName;
use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::{Ending, Invocation, What};
use crate::usual_form;

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    // A sub-agent has the session of its agent.
    if fields.has("agent_id") {
        return None;
    }
    match event.as_str() {
        "sessionstart" => Some(usual_form::start(fields)),
        "sessionend" => Some(What::End(ending(fields.text("reason")))),
        "userpromptexpansion" => command(fields),
        // Grok tells a stop once more when the session ends.
        "stop" if fields.text("reason") == Some("shutdown") => None,
        "stop" => usual_form::turn(fields),
        _ => None,
    }
}

fn command(fields: &Fields) -> Option<What> {
    if !matches!(fields.text("expansion_type"), None | Some("slash_command")) {
        return None;
    }
    let name = CommandName::read(fields.text("command_name")?)?;
    Some(What::Command(name, Invocation::Typed))
}

/// The reasons of Claude Code, which Qwen Code has too.
pub(crate) fn ending(reason: Option<&str>) -> Ending {
    match reason {
        Some("prompt_input_exit" | "exit") => Ending::Exit,
        Some("clear") => Ending::Clear,
        Some("resume") => Ending::Resume,
        Some("logout") => Ending::Logout,
        Some("error") => Ending::Error,
        _ => Ending::Other,
    }
}
