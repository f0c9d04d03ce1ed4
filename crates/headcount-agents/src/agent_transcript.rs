//! The transcript of a session, by its agent.

use headcount::{Surroundings, Time};

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
    let mut file = place::open(&path)?;
    let made = file.metadata().and_then(|metadata| metadata.created()).ok().map(Time::from_system);
    Some(Transcript { made, ..lines::read(&mut file, form) })
}
