//! Transcripts, which agents write for themselves: read where no hook tells the
//! commands of a session, as a stream and with bounds, and believed only where
//! a person typed.

pub(crate) mod lines;
pub(crate) mod place;

use headcount::Time;
use serde_json::Value as Json;

use crate::command_name::CommandName;
use crate::told::Invocation;

/// What a transcript tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Transcript {
    /// When its file was made, where the file system knows.
    pub(crate) made: Option<Time>,
    /// The time of its first line that has one.
    pub(crate) began: Option<Time>,
    /// The commands that were invoked.
    pub(crate) commands: Vec<Invoked>,
}

/// A command that was invoked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invoked {
    pub(crate) at: Option<Time>,
    pub(crate) name: CommandName,
    pub(crate) by: Invocation,
}

/// How one agent's transcript is read.
pub(crate) struct TranscriptForm {
    /// Text of every line that can tell a command: lines without any of these
    /// are passed over without being looked at.
    pub(crate) marks: &'static [&'static str],
    /// The command of a line, and who invoked it.
    pub(crate) command: fn(&Json) -> Option<(CommandName, Invocation)>,
}

/// The time of a line.
fn time(line: &Json) -> Option<Time> {
    Time::parse(line.get("timestamp")?.as_str()?)
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// The names of the commands that a text tells, and who invoked them.
    pub(crate) fn commands(form: &TranscriptForm, text: &str) -> Vec<(String, Invocation)> {
        let told = lines::read(&mut text.as_bytes(), form).commands;
        told.into_iter().map(|told| (told.name.as_str().to_owned(), told.by)).collect()
    }
}
