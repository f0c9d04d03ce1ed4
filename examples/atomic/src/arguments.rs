//! The command line, read without effects.

use headcount::Flag;

use crate::telemetry::{AgentType, Command};

/// What the program can be told.
pub(crate) const USAGE: &str = "\
Usage: atomic <COMMAND> [--no-telemetry]

Commands:
  init [--agent claude|opencode|copilot]  Set up the current folder
  update                                  Say whether there is a newer Atomic
  uninstall                               Take Atomic out of the current folder
  config set telemetry true|false         Agree to anonymous telemetry, or take it back
  telemetry [COMMAND]                     See what is collected, and decide: `telemetry help`
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
    /// Ship what is queued; how Atomic starts itself.
    Upload,
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Atomic's own work.
    Work(Work),
}

/// What Atomic is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// Set up the current folder.
    Init(Option<AgentType>),
    /// Say whether there is a newer version.
    Update,
    /// Take everything out of the current folder.
    Uninstall,
}

impl Work {
    /// As the catalog names it.
    pub(crate) fn command(self) -> Command {
        match self {
            Self::Init(_) => Command::Init,
            Self::Update => Command::Update,
            Self::Uninstall => Command::Uninstall,
        }
    }

    /// The agent it is about.
    pub(crate) fn agent(self) -> Option<AgentType> {
        match self {
            Self::Init(agent) => agent,
            Self::Update | Self::Uninstall => None,
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
        [first, ..] => return Err(format!("`{first}` is nothing Atomic knows, or not like this")),
    };
    Ok(Arguments { flag, action })
}

fn known(agent: &str) -> Result<AgentType, String> {
    AgentType::read(agent).ok_or_else(|| {
        format!("`{agent}` is no agent Atomic knows: use claude, opencode or copilot")
    })
}
