//! The transcript of a session, by its agent.

use headcount::Surroundings;

use crate::transcript::{Transcript, lines, place};
use crate::{Agent, claude, copilot};

/// Reads the transcript of an agent. `named` is what its payload says of it.
/// `None` if there is none that may be read.
pub(crate) fn read(agent: Agent, named: &str, surroundings: &Surroundings) -> Option<Transcript> {
    let (path, form) = match agent {
        Agent::Claude => (place::claude(named, surroundings)?, &claude::transcript::FORM),
        Agent::Copilot => (place::copilot(named, surroundings)?, &copilot::transcript::FORM),
        _ => return None,
    };
    Some(lines::read(&mut place::open(&path)?, form))
}
