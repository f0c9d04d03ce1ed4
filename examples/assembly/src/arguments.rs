//! The command line, read without effects.

use std::path::PathBuf;

use headcount::Flag;

use crate::telemetry::Command;

/// What the program can be told.
pub(crate) const USAGE: &str = "\
Usage: assembly <COMMAND> [--no-telemetry]

Commands:
  transcribe FILE  Say what is said in a recording
  whoami           Say whose key this is
  telemetry [status|enable|disable|inspect|clear|policy]
                   See what is collected, and decide
  --version        Say which version this is
";

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// Whether `--no-telemetry` was given.
    pub(crate) flag: Flag,
    /// What to do.
    pub(crate) action: Action,
}

/// What to do.
#[derive(Debug)]
pub(crate) enum Action {
    /// Say how it is used.
    Help,
    /// Say which version this is.
    Version,
    /// One of the person's telemetry commands, and its name in the catalog if it
    /// is reported.
    Telemetry(Vec<String>, Option<Command>),
    /// The program's own work.
    Work(Work),
}

/// What the AssemblyAI CLI is for.
#[derive(Debug)]
pub(crate) enum Work {
    /// Say what is said in a recording.
    Transcribe(PathBuf),
    /// Say whose key this is.
    WhoAmI,
}

impl Work {
    /// The command's path as the catalog names it; never its arguments.
    pub(crate) fn command(&self) -> Command {
        match self {
            Self::Transcribe(_) => Command::AssemblyTranscribe,
            Self::WhoAmI => Command::AssemblyWhoami,
        }
    }
}

/// Reads the command line.
///
/// # Errors
///
/// A sentence on what cannot be understood.
pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (flags, words): (Vec<String>, Vec<String>) =
        words.partition(|word| word == "--no-telemetry");
    let flag = if flags.is_empty() { Flag::Absent } else { Flag::NoTelemetry };
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let action = match all[..] {
        [] | ["--help" | "-h" | "help"] => Action::Help,
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ref rest @ ..] => Action::Telemetry(words[1..].to_vec(), reported(rest)),
        ["transcribe", file] => Action::Work(Work::Transcribe(PathBuf::from(file))),
        ["whoami"] => Action::Work(Work::WhoAmI),
        [first, ..] => {
            return Err(format!("`{first}` is nothing this program knows, or not like this"));
        }
    };
    Ok(Arguments { flag, action })
}

/// Those of the telemetry commands that are reported: looking at what is queued,
/// or emptying it, adds nothing to it.
fn reported(words: &[&str]) -> Option<Command> {
    match words.iter().copied().find(|word| *word != "--json") {
        None | Some("status") => Some(Command::AssemblyTelemetryStatus),
        Some("enable" | "on") => Some(Command::AssemblyTelemetryEnable),
        _ => None,
    }
}
