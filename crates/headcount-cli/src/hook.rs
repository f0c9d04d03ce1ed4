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

/// Whether the command line is that of a hook, whatever its arguments are.
pub(crate) fn is_meant() -> bool {
    std::env::args_os().nth(1).is_some_and(|word| word == "hook")
}

/// Answers a call whose arguments are of another release: an agent does nothing
/// with a sentence about them. Returns 0.
pub(crate) fn misused() -> u8 {
    let words: Vec<String> =
        std::env::args_os().skip(2).filter_map(|word| word.into_string().ok()).collect();
    let cursor = words.iter().position(|word| word == "cursor");
    let call = cursor.and_then(|place| HookCall::read(words[place..].iter().map(String::as_str)));
    print::out(call.map_or("", |call| call.answer_alone()));
    0
}
