//! What a call by Goose tells.

use crate::event_name::EventName;
use crate::fields::Fields;
use crate::prompted;
use crate::told::{Ending, What};

/// What the call tells; `None` if it is not about a session of a person.
pub(crate) fn what(event: &EventName, fields: &Fields) -> Option<What> {
    match event.as_str() {
        "sessionstart" => Some(What::Start),
        "sessionend" => Some(What::End(Ending::Other)),
        "userpromptsubmit" => prompted::command(fields.text("message")?),
        "stop" => Some(What::Turn),
        _ => None,
    }
}
