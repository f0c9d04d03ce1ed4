//! `headcount hook`: what a coding agent calls, for products that are not
//! written in Rust.

use headcount::{Host, Telemetry};
use headcount_agents::{HookCall, Input};

use crate::args::{self, Hook};
use crate::{catalog_file, person, print};

/// Takes what one call tells. It always returns 0, and says nothing but what
/// the agent must read: an agent would show everything else to a person, or to
/// its model.
pub(crate) fn run(hook: &Hook) -> u8 {
    let words = hook.words.iter().map(String::as_str);
    let Some(call) = HookCall::read(words) else { return 0 };
    let Ok(catalog) = catalog_file::read_for_host(&hook.given.catalog) else {
        // Cursor waits for its answer whatever becomes of the telemetry.
        print::out(call.answer_alone());
        return 0;
    };
    let host = Host::new(&hook.host_version).with_flag(args::flag(hook.no_telemetry));
    let telemetry = Telemetry::new(catalog, host, person::surroundings(&hook.given));
    print::out(headcount_agents::answer(&telemetry, call, Input::Standard));
    0
}
