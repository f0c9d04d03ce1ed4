//! The command line, read without effects.

use headcount::Flag;

use crate::telemetry::{Command, DefaultAssistant, InstallMethod, Provider, Subcommand};

/// What the program can be told.
pub(crate) const USAGE: &str = "\
Usage: archon <COMMAND> [--no-telemetry]

Commands:
  setup [--method homebrew|curl|source] [--assistant NAME]  Get ready to work
  workflow list                                             Name the workflows there are
  workflow run NAME [--provider NAME]                       Run one
  telemetry [status|on|off|inspect|clear|policy]            See what is collected, and decide
  version                                                   Say which version this is
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
    /// `--help` or nothing at all.
    Help,
    /// `--version`.
    Version,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Archon's own work.
    Work(Work),
}

/// What Archon is for. These are reported as commands; the others are not.
#[derive(Debug)]
pub(crate) enum Work {
    /// Say how Archon is used.
    Help,
    /// Say which version this is.
    Version,
    /// Get ready to work.
    Setup(InstallMethod, DefaultAssistant),
    /// Name the workflows there are.
    List,
    /// Run the workflow of that name.
    Run(String, Provider),
}

impl Work {
    /// As the catalog names it.
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
        [] | ["--help" | "-h"] => Action::Help,
        ["--version" | "-V"] => Action::Version,
        ["telemetry", ..] => Action::Telemetry(words[1..].to_vec()),
        ["help"] => Action::Work(Work::Help),
        ["version"] => Action::Work(Work::Version),
        ["setup", ref options @ ..] => Action::Work(setup(options)?),
        ["workflow", "list"] => Action::Work(Work::List),
        ["workflow", "run", name] => Action::Work(run(name, "claude")),
        ["workflow", "run", name, "--provider", provider] => Action::Work(run(name, provider)),
        [first, ..] => return Err(format!("`{first}` is nothing Archon knows, or not like this")),
    };
    Ok(Arguments { flag, action })
}

fn run(name: &str, provider: &str) -> Work {
    Work::Run(name.to_owned(), Provider::of(provider))
}

fn setup(options: &[&str]) -> Result<Work, String> {
    let (mut method, mut assistant) = (InstallMethod::Source, DefaultAssistant::Claude);
    for option in options.chunks(2) {
        match option {
            ["--method", word] => {
                method = InstallMethod::read(word).ok_or_else(|| {
                    format!("`{word}` is no method: use homebrew, curl or source")
                })?;
            }
            ["--assistant", word] => assistant = DefaultAssistant::of(word),
            _ => return Err(format!("`setup {}` is not understood", options.join(" "))),
        }
    }
    Ok(Work::Setup(method, assistant))
}
