//! What a call by the plugin tells.

use crate::command_name::CommandName;
use crate::event_name::EventName;
use crate::fields::Fields;
use crate::told::{Ending, Invocation, What};

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    if fields.has("parentID") {
        return None;
    }
    let command = |by: Invocation| {
        let name = CommandName::read(fields.text("name")?)?;
        Some(What::Command(name, by))
    };
    match event.as_str() {
        "sessioncreated" | "sessionforked" => Some(What::Start),
        // 1.x tells what a person invoked, 2.x any skill.
        "commandexecuted" => command(Invocation::Typed),
        "sessionskillactivated" => command(Invocation::Unknown),
        "sessionidle" | "sessionexecutionsucceeded" => Some(What::Turn),
        "dispose" => Some(What::End(Ending::Exit)),
        "sessiondeleted" => Some(What::End(Ending::Other)),
        _ => None,
    }
}
