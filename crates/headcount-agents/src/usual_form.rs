//! What the payloads of several agents have in common, in the form that Claude
//! Code began.

use crate::fields::Fields;
use crate::told::What;

/// A session that begins, or goes on.
pub(crate) fn start(fields: &Fields) -> What {
    match fields.text("source") {
        Some("resume" | "compact") => What::Continued,
        _ => What::Start,
    }
}

/// A turn that is done. One that goes on for a hook which asked for it is
/// counted already.
pub(crate) fn turn(fields: &Fields) -> Option<What> {
    (fields.text("stop_hook_active") != Some("true")).then_some(What::Turn)
}
