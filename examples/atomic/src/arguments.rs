//! Parses the command line. It has no effects.

use std::ffi::OsString;

use headcount::Flag;

use crate::telemetry::{AgentType, Command};

/// The help text.
pub(crate) const USAGE: &str = "\
Usage: atomic <COMMAND> [--no-telemetry]

Commands:
  init [--agent claude|opencode|copilot]  Set up the current folder
  update                                  Check for a newer version
  uninstall                               Remove Atomic from the current folder
  config set telemetry true|false         Turn anonymous telemetry on or off
  telemetry [COMMAND]                     See what is collected, and decide: `telemetry help`
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
    /// Ship the queue: Atomic starts itself with this.
    Upload,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Atomic's own work.
    Work(Work),
}

/// Atomic's own commands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Set up the current folder.
    Init(Option<AgentType>),
    /// Check for a newer version.
    Update,
    /// Remove Atomic from the current folder.
    Uninstall,
}

impl Work {
    /// Its name in the catalog.
    pub(crate) fn command(self) -> Command {
        match self {
            Self::Init(_) => Command::Init,
            Self::Update => Command::Update,
            Self::Uninstall => Command::Uninstall,
        }
    }

    /// The agent it sets up, if it names one.
    pub(crate) fn agent(self) -> Option<AgentType> {
        match self {
            Self::Init(agent) => agent,
            Self::Update | Self::Uninstall => None,
        }
    }
}

/// Parses the command line.
///
/// # Errors
///
/// Returns a sentence that says what is wrong.
pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    // No command of Atomic is other than UTF-8, and no option is a path.
    let words = words.map(|word| word.to_string_lossy().into_owned());
    let (flags, words): (Vec<String>, Vec<String>) =
        words.partition(|word| word == "--no-telemetry");
    let flag = if flags.is_empty() { Flag::Absent } else { Flag::NoTelemetry };
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let action = match all[..] {
        [] | ["help" | "--help" | "-h"] => Action::Help,
        ["--upload-telemetry"] => Action::Upload,
        ["telemetry", ..] => Action::Telemetry(words[1..].to_vec()),
        ["config", "set", "telemetry", "true"] => Action::Telemetry(vec!["on".to_owned()]),
        ["config", "set", "telemetry", "false"] => Action::Telemetry(vec!["off".to_owned()]),
        ["config", ..] => return Err("use `atomic config set telemetry true|false`".to_owned()),
        ["init"] => Action::Work(Work::Init(None)),
        ["init", "--agent" | "-a", agent] => Action::Work(Work::Init(Some(known(agent)?))),
        ["update"] => Action::Work(Work::Update),
        ["uninstall"] => Action::Work(Work::Uninstall),
        [first, ..] => {
            let problem = "unknown command or wrong arguments";
            return Err(format!("{problem}: `{first}`; see `atomic --help`"));
        }
    };
    Ok(Arguments { flag, action })
}

fn known(agent: &str) -> Result<AgentType, String> {
    AgentType::read(agent)
        .ok_or_else(|| format!("unknown agent `{agent}`: use claude, opencode or copilot"))
}
