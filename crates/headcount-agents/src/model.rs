//! What the fuzz targets compare: what a payload and a transcript tell, as
//! text, and a slow reading of the same transcript.

use std::collections::HashMap;
use std::io::{self, Read};

use headcount::Variables;
use serde_json::Value as Json;

use crate::command_name::CommandName;
use crate::told::What;
use crate::transcript::{TranscriptForm, lines};
use crate::{Agent, claude, copilot, limits, reading};

/// What a payload tells: the agent, the hash of its session, and what happened.
///
/// # Panics
///
/// Panics if a command that it tells is not the name of one.
#[must_use]
pub fn told(named: Agent, event: Option<&str>, payload: &[u8]) -> Option<(Agent, String, String)> {
    let variables = Variables::Given(HashMap::new());
    let told = reading::told(named, event, &variables, payload)?;
    if let What::Command(name, _) = &told.what {
        assert!(CommandName::read(name.as_str()).is_some());
    }
    Some((told.agent, told.session.as_str().to_owned(), format!("{:?}", told.what)))
}

/// The commands of a transcript that arrives `step` bytes at a time, and those
/// of the same one read line by line. `None` if the agent's is not read.
#[must_use]
pub fn commands(agent: Agent, text: &[u8], step: usize) -> Option<[Vec<String>; 2]> {
    let form = match agent {
        Agent::Claude => &claude::transcript::FORM,
        Agent::Copilot => &copilot::transcript::FORM,
        _ => return None,
    };
    let streamed = lines::read(&mut Steps(text, step.max(1)), form).commands;
    let streamed = streamed.iter().map(|told| told.name.as_str().to_owned()).collect();
    Some([streamed, line_by_line(text, form)])
}

fn line_by_line(text: &[u8], form: &TranscriptForm) -> Vec<String> {
    let Some(end) = text.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
    let has_mark = |line: &&[u8]| {
        form.marks.iter().any(|mark| line.windows(mark.len()).any(|part| part == mark.as_bytes()))
    };
    let lines = text[..end].split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| line.len() <= limits::LINE_BYTES).filter(has_mark);
    let told = lines.filter_map(|line| serde_json::from_slice::<Json>(line).ok());
    let told = told.filter_map(|line| Some((form.command)(&line)?.0.as_str().to_owned()));
    told.take(limits::TRANSCRIPT_COMMANDS).collect()
}

/// A few bytes at a time.
struct Steps<'a>(&'a [u8], usize);

impl Read for Steps<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.1.min(into.len());
        self.0.read(&mut into[..most])
    }
}
