//! What hooks of coding agents are sent. The first byte names the agent.
#![no_main]

use headcount_agents::{Agent, model};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((first, payload)) = input.split_first() else { return };
    let agent = Agent::ALL[usize::from(*first) % Agent::ALL.len()];
    for event in [None, Some("SessionEnd")] {
        let Some(told) = model::told(agent, event, payload) else { continue };
        // White space around an object changes nothing, and a cut one tells
        // nothing.
        let spaced = [b" \n", payload, b"\n"].concat();
        assert_eq!(model::told(agent, event, &spaced).as_ref(), Some(&told));
        let whole = payload.trim_ascii();
        assert_eq!(model::told(agent, event, &whole[..whole.len() - 1]), None);
        assert_eq!(told.1.len(), 32);
    }
});
