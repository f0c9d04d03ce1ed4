//! Asks which coding agent `init` is for.

use std::io::{self, BufRead as _, Read as _};

use headcount::Surroundings;
use headcount::person::Terminal;

use crate::print;
use crate::telemetry::AgentType;

/// Bytes of an answer that are read, at most.
const ANSWER: u64 = 64;

/// The answers that are read before nothing counts as one.
const TRIES: usize = 3;

/// Asks a person at a terminal. `None` is no agent: nobody is there, or the
/// person chose none.
pub(crate) fn ask(terminal: Terminal, surroundings: &Surroundings) -> Option<AgentType> {
    if terminal == Terminal::Absent || surroundings.is_integration() {
        return None;
    }
    print::err("Which coding agent do you use here?\n");
    for (number, agent) in (1..).zip(AgentType::ALL) {
        print::err(format_args!("  {number}  {}\n", name(agent)));
    }
    for _ in 0..TRIES {
        print::err("Its number, or Enter for none: ");
        let mut line = Vec::new();
        let read = io::stdin().lock().take(ANSWER).read_until(b'\n', &mut line);
        match answer(&String::from_utf8_lossy(&line)) {
            _ if !matches!(read, Ok(1..)) => break,
            Answer::Agent(agent) => return Some(agent),
            Answer::None => return None,
            Answer::Unclear => {}
        }
    }
    None
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Agent(AgentType),
    None,
    Unclear,
}

/// A number, or the name of an agent.
fn answer(line: &str) -> Answer {
    let line = line.trim();
    let numbered = (1..).zip(AgentType::ALL).find(|(number, _)| line == number.to_string());
    match numbered.map(|(_, agent)| agent).or_else(|| AgentType::read(line)) {
        Some(agent) => Answer::Agent(agent),
        None if line.is_empty() => Answer::None,
        None => Answer::Unclear,
    }
}

/// The name of an agent for people.
pub(crate) fn name(agent: AgentType) -> &'static str {
    match agent {
        AgentType::Claude => "Claude Code",
        AgentType::Opencode => "OpenCode",
        AgentType::Copilot => "GitHub Copilot CLI",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_or_a_name_or_nothing() {
        for (line, agent) in [
            ("1\n", AgentType::Claude),
            (" 2 \r\n", AgentType::Opencode),
            ("copilot", AgentType::Copilot),
        ] {
            assert_eq!(answer(line), Answer::Agent(agent), "{line:?}");
        }
        assert_eq!(answer("\n"), Answer::None);
        for line in ["0\n", "4\n", "01\n", "y\n", "Claude Code\n"] {
            assert_eq!(answer(line), Answer::Unclear, "{line:?}");
        }
    }
}
