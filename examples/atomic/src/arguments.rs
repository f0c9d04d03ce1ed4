//! Parses the command line. It has no effects.

use std::ffi::OsString;

use headcount::Flag;

use crate::help;
use crate::telemetry::{AgentType, Command};

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
    /// Print a text.
    Print(&'static str),
    /// Ship the queue: Atomic starts itself with this.
    Upload,
    /// A coding agent calls: the agent, and its event.
    Hook(Vec<String>),
    /// One of the person's telemetry commands.
    Telemetry(Vec<String>),
    /// Atomic's own work.
    Work(Work),
    /// Start a coding agent, with these arguments as they are.
    Run(AgentType, Vec<OsString>),
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
    let mut own: Vec<OsString> = words.collect();
    // What is behind `--` is the agent's, byte for byte.
    let end = own.iter().position(|word| word == "--");
    let passed_on = end.map(|end| own.split_off(end).split_off(1));
    // No command of Atomic is other than UTF-8, and no option is a path.
    let own = own.iter().map(|word| word.to_string_lossy().into_owned());
    let (flags, own): (Vec<String>, Vec<String>) = own.partition(|word| word == "--no-telemetry");
    let flag = if flags.is_empty() { Flag::Absent } else { Flag::NoTelemetry };
    let all: Vec<&str> = own.iter().map(String::as_str).collect();
    let action = match (&all[..], passed_on) {
        (["run", "-a" | "--agent", agent] | ["-a" | "--agent", agent], passed_on) => {
            Action::Run(known(agent)?, passed_on.unwrap_or_default())
        }
        (["run", "-a" | "--agent", _, first, ..] | ["-a" | "--agent", _, first, ..], _) => {
            return Err(format!(
                "unknown argument `{first}`: write what is for the agent behind `--`"
            ));
        }
        (all, None) => without_agent(all)?,
        (all, Some(_)) => return Err(unknown(all.first().unwrap_or(&"--"))),
    };
    Ok(Arguments { flag, action })
}

fn without_agent(words: &[&str]) -> Result<Action, String> {
    Ok(match words {
        [] | ["help" | "--help" | "-h"] => Action::Print(help::USAGE),
        ["--version" | "-V"] => Action::Print(help::VERSION),
        ["--upload-telemetry"] => Action::Upload,
        ["hook", words @ ..] => Action::Hook(words.iter().copied().map(str::to_owned).collect()),
        [command, "--help" | "-h"] | ["help", command] if help::of(command).is_some() => {
            Action::Print(help::of(command).unwrap_or_default())
        }
        ["telemetry", words @ ..] => {
            Action::Telemetry(words.iter().copied().map(str::to_owned).collect())
        }
        ["config", "set", "telemetry", "true"] => Action::Telemetry(vec!["on".to_owned()]),
        ["config", "set", "telemetry", "false"] => Action::Telemetry(vec!["off".to_owned()]),
        ["config", ..] => return Err("use `atomic config set telemetry true|false`".to_owned()),
        ["init"] => Action::Work(Work::Init(None)),
        ["init", "--agent" | "-a", agent] => Action::Work(Work::Init(Some(known(agent)?))),
        ["update"] => Action::Work(Work::Update),
        ["uninstall"] => Action::Work(Work::Uninstall),
        ["run", ..] => return Err("use `atomic run -a AGENT [-- ARGUMENTS]`".to_owned()),
        [first, ..] => return Err(unknown(first)),
    })
}

fn unknown(first: &str) -> String {
    format!("unknown command or wrong arguments: `{first}`; see `atomic --help`")
}

fn known(agent: &str) -> Result<AgentType, String> {
    AgentType::read(agent)
        .ok_or_else(|| format!("unknown agent `{agent}`: use claude, opencode or copilot"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(words: &[&str]) -> Action {
        read(words.iter().map(OsString::from)).expect("a command line").action
    }

    #[test]
    fn what_is_behind_the_dashes_is_the_agents() {
        let passed = ["--", "--no-telemetry", "--help", "/commit fix", "", "--"];
        for head in [&["-a", "claude"][..], &["--agent", "claude"], &["run", "-a", "claude"]] {
            let Action::Run(agent, arguments) = action(&[head, &passed].concat()) else {
                panic!("{head:?}")
            };
            assert_eq!(agent, AgentType::Claude);
            assert_eq!(arguments, passed[1..].iter().map(OsString::from).collect::<Vec<_>>());
        }
        let words = ["-a", "claude", "--", "--no-telemetry"].map(OsString::from);
        assert_eq!(read(words.into_iter()).unwrap().flag, Flag::Absent);
        let words = ["--no-telemetry", "-a", "claude", "--", "x"].map(OsString::from);
        assert_eq!(read(words.into_iter()).unwrap().flag, Flag::NoTelemetry);
    }

    #[test]
    fn an_agent_needs_no_arguments_but_the_dashes_before_them() {
        assert!(
            matches!(action(&["-a", "opencode"]), Action::Run(AgentType::Opencode, none) if none.is_empty())
        );
        for (words, problem) in [
            (&["-a", "claude", "/commit"][..], "behind `--`"),
            (&["-a", "cobol", "--", "x"], "unknown agent `cobol`"),
            (&["-a"], "wrong arguments: `-a`"),
            (&["run"], "atomic run -a AGENT"),
            (&["update", "--", "x"], "wrong arguments: `update`"),
            (&["--", "x"], "wrong arguments: `--`"),
        ] {
            let error = read(words.iter().map(OsString::from)).unwrap_err();
            assert!(error.contains(problem), "{words:?}: {error}");
        }
    }
}
