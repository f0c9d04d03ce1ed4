//! Parses the command line. It has no effects.

use std::ffi::OsString;
use std::path::PathBuf;

use headcount::Flag;

use crate::telemetry::Command;

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: assembly <COMMAND> [--no-telemetry]

Commands:
  transcribe FILE  Transcribe a recording
  whoami           Show whose key this is
  telemetry [status|enable|disable|inspect|clear|policy]
                   See what is collected, and decide
  --version        Print the version
";

/// A parsed command line.
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
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
    /// One of the person's telemetry commands, and its name in the catalog if
    /// it is reported.
    Telemetry(Vec<String>, Option<Command>),
    /// The program's own work.
    Work(Work),
}

/// The program's own commands.
#[derive(Debug)]
pub(crate) enum Work {
    /// Transcribe a recording.
    Transcribe(PathBuf),
    /// Show whose key this is.
    WhoAmI,
}

impl Work {
    /// The command's path in the catalog, never its arguments.
    pub(crate) fn command(&self) -> Command {
        match self {
            Self::Transcribe(_) => Command::AssemblyTranscribe,
            Self::WhoAmI => Command::AssemblyWhoami,
        }
    }
}

/// Parses the command line.
///
/// # Errors
///
/// Returns a sentence that says what is wrong.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let (flags, given): (Vec<OsString>, Vec<OsString>) =
        words.partition(|word| word == "--no-telemetry");
    let words: Vec<String> = given.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let flag = if flags.is_empty() { Flag::Absent } else { Flag::NoTelemetry };
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let action = match all[..] {
        [] | ["--help" | "-h" | "help"] => Action::Help,
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ref rest @ ..] => Action::Telemetry(words[1..].to_vec(), reported(rest)),
        ["transcribe", _] => Action::Work(Work::Transcribe(PathBuf::from(&given[1]))),
        ["whoami"] => Action::Work(Work::WhoAmI),
        [first, ..] => {
            let problem = "unknown command or wrong arguments";
            return Err(format!("{problem}: `{first}`; see `assembly --help`"));
        }
    };
    Ok(Arguments { flag, action })
}

/// The telemetry commands that are reported. Looking at the queue or clearing
/// it adds nothing to it.
fn reported(words: &[&str]) -> Option<Command> {
    match words.iter().copied().find(|word| *word != "--json") {
        None | Some("status") => Some(Command::AssemblyTelemetryStatus),
        Some("enable" | "on") => Some(Command::AssemblyTelemetryEnable),
        _ => None,
    }
}
