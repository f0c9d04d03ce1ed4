//! The arguments of `headcount hooks`.

use std::path::PathBuf;

use clap::Subcommand;
use headcount_agents::{Agent, HookScope};

use crate::host_args::CATALOG;

/// `headcount hooks`
#[derive(Debug, Subcommand)]
pub(crate) enum HooksCommand {
    /// Let coding agents call `headcount hook`: shows the change, asks once in
    /// a terminal, and edits the agents' files in place
    Install(Change),
    /// Take the hooks out again: every file is as it was before
    Remove(Change),
    /// Say where hooks are installed, and whether the agents run them
    Status(Look),
    /// Check that the hooks can work, and say what to do where they cannot
    Doctor(Look),
}

/// Whose hooks, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Look {
    /// The catalog of the program: what it may report
    #[arg(long, value_name = "FILE", default_value = CATALOG)]
    pub(crate) catalog: PathBuf,
    /// The agent, also if it is not there yet; may be repeated [default: all
    /// that are there]
    #[arg(long = "agent", value_name = "AGENT", value_parser = agent)]
    pub(crate) agents: Vec<Agent>,
    /// For whom: the person, in every folder, or the project around the current
    /// folder
    #[arg(long, value_enum, value_name = "SCOPE", default_value = "user")]
    pub(crate) scope: ForWhom,
    /// Print one line of JSON on standard output, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// `headcount hooks install` and `remove`
#[derive(Debug, clap::Args)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) look: Look,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask in a terminal
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// For whom hooks are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ForWhom {
    /// The person, in every folder
    User,
    /// The project around the current folder
    Project,
}

impl From<ForWhom> for HookScope {
    fn from(scope: ForWhom) -> Self {
        match scope {
            ForWhom::User => Self::User,
            ForWhom::Project => Self::Project,
        }
    }
}

fn agent(word: &str) -> Result<Agent, String> {
    let known = Agent::INSTALLABLE;
    known.into_iter().find(|agent| agent.word() == word).ok_or_else(|| {
        let words: Vec<&str> = known.iter().map(|agent| agent.word()).collect();
        let (last, others) = words.split_last().map_or(("", &[][..]), |(last, rest)| (*last, rest));
        format!("`{word}` is not an agent with hooks: use {} or {last}", others.join(", "))
    })
}
