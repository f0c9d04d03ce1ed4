//! Transcripts of coding agents. The first byte names the agent, the second how
//! many bytes arrive at once.
#![no_main]

use headcount_agents::{Agent, model};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [first, step, text @ ..] = input else { return };
    let agent = if first % 2 == 0 { Agent::Claude } else { Agent::Copilot };
    let [streamed, line_by_line] =
        model::commands(agent, text, usize::from(*step)).expect("both are read");
    assert_eq!(streamed, line_by_line);
    // A torn last line tells nothing.
    let torn = [text, b"{\"type\":\"user\""].concat();
    if text.ends_with(b"\n") {
        assert_eq!(model::commands(agent, &torn, 7).expect("both are read")[0], streamed);
    }
});
