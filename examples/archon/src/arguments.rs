//! Parses the command line. It has no effects.

use std::ffi::{OsStr, OsString};

use headcount::Flag;

use crate::telemetry::{Command, DefaultAssistant, InstallMethod, Provider, Subcommand};

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: archon <COMMAND> [--no-telemetry]

Commands:
  setup [--method homebrew|curl|source] [--assistant NAME]  Set up Archon
  workflow list                                             List the workflows
  workflow run NAME [--provider NAME]                       Run a workflow
  telemetry [status|on|off|inspect|clear|policy]            See what is collected, and decide
  version                                                   Print the version
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
    /// `--help` or nothing at all.
    Help,
    /// `--version`.
    Version,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Archon's own work.
    Work(Work),
}

/// The commands that are reported.
#[derive(Debug)]
pub(crate) enum Work {
    /// Print the help text.
    Help,
    /// Print the version.
    Version,
    /// Set up Archon.
    Setup(InstallMethod, DefaultAssistant),
    /// List the workflows.
    List,
    /// Run the workflow of that name.
    Run(OsString, Provider),
}

impl Work {
    /// Its name in the catalog.
    pub(crate) fn command(&self) -> (Command, Option<Subcommand>) {
        match self {
            Self::Help => (Command::Help, None),
            Self::Version => (Command::Version, None),
            Self::Setup(..) => (Command::Setup, None),
            Self::List => (Command::Workflow, Some(Subcommand::List)),
            Self::Run(..) => (Command::Workflow, Some(Subcommand::Run)),
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
        [] | ["--help" | "-h"] => Action::Help,
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ..] => Action::Telemetry(words[1..].to_vec()),
        ["help"] => Action::Work(Work::Help),
        ["version"] => Action::Work(Work::Version),
        ["setup", ref options @ ..] => Action::Work(setup(options)?),
        ["workflow", "list"] => Action::Work(Work::List),
        ["workflow", "run", _] => Action::Work(run(&given[2], "claude")),
        ["workflow", "run", _, "--provider", provider] => Action::Work(run(&given[2], provider)),
        [first, ..] => {
            let problem = "unknown command or wrong arguments";
            return Err(format!("{problem}: `{first}`; see `archon --help`"));
        }
    };
    Ok(Arguments { flag, action })
}

fn run(name: &OsStr, provider: &str) -> Work {
    Work::Run(name.to_owned(), Provider::of(provider))
}

fn setup(options: &[&str]) -> Result<Work, String> {
    let (mut method, mut assistant) = (InstallMethod::Source, DefaultAssistant::Claude);
    for option in options.chunks(2) {
        match option {
            ["--method", word] => {
                method = InstallMethod::read(word).ok_or_else(|| {
                    format!("unknown method `{word}`: use homebrew, curl or source")
                })?;
            }
            ["--assistant", word] => assistant = DefaultAssistant::of(word),
            _ => {
                let given = options.join(" ");
                return Err(format!("wrong options `{given}` for `setup`; see `archon --help`"));
            }
        }
    }
    Ok(Work::Setup(method, assistant))
}
