//! What is known of how an agent takes hooks. Each agent fills one in, in the
//! `install.rs` of its folder.

use std::path::PathBuf;

use super::command::HookCommand;
use super::entries::{Entry, Shape};
use super::limits::WAIT_SECONDS;
use super::places::HookScope;
use crate::{Agent, Moment};

/// What is to be installed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'w> {
    pub(crate) command: &'w HookCommand,
    /// The name of the product, for files of our own.
    pub(crate) product: &'w str,
    pub(crate) moments: &'w [Moment],
    pub(crate) scope: HookScope,
}

impl Wanted<'_> {
    /// The name of files and folders of our own.
    pub(crate) fn name(&self) -> String {
        format!("{}-telemetry", self.product)
    }

    pub(crate) fn has(&self, moment: Moment) -> bool {
        // Whatever else is told, a session has a start and an end.
        matches!(moment, Moment::Start | Moment::End) || self.moments.contains(&moment)
    }
}

/// How an agent takes hooks, in one scope.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The folder that the agent makes for itself.
    pub(crate) folder: PathBuf,
    /// The names of its programs.
    pub(crate) programs: &'static [&'static str],
    /// The files that are written.
    pub(crate) pieces: Vec<Piece>,
    /// What the person must still do, as sentences.
    pub(crate) still_to_do: Vec<&'static str>,
    /// Settings that turn all hooks off.
    pub(crate) switches: Vec<Switch>,
}

/// A setting of an agent that turns all hooks off.
#[derive(Debug, Clone)]
pub(crate) struct Switch {
    pub(crate) file: PathBuf,
    pub(crate) format: Format,
    /// The names of the tables above it, and its own.
    pub(crate) keys: &'static [&'static str],
    /// What turns hooks off.
    pub(crate) off: Off,
}

/// What turns hooks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Off {
    /// This value.
    Flag(bool),
    /// The command of a hook, in a list.
    Listed,
}

/// The format of a file with a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON, maybe with comments.
    Json,
    Toml,
}

impl Switch {
    /// A switch in a file of JSON.
    pub(crate) fn json(file: PathBuf, keys: &'static [&'static str], off: bool) -> Self {
        Self { file, format: Format::Json, keys, off: Off::Flag(off) }
    }

    /// A switch in a file of TOML.
    pub(crate) fn toml(file: PathBuf, keys: &'static [&'static str], off: bool) -> Self {
        Self { file, format: Format::Toml, keys, off: Off::Flag(off) }
    }

    /// A list of commands that are off, in a file of JSON.
    pub(crate) fn list(file: PathBuf, keys: &'static [&'static str]) -> Self {
        Self { file, format: Format::Json, keys, off: Off::Listed }
    }
}

/// A file of an agent.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// A file that others write to as well.
    Entries { file: PathBuf, shape: Shape, entries: Vec<Entry> },
    /// A file of our own.
    Own {
        file: PathBuf,
        text: String,
        /// What is in every version of it, and in no other file.
        mark: String,
    },
}

impl Piece {
    pub(crate) fn file(&self) -> &PathBuf {
        match self {
            Self::Entries { file, .. } | Self::Own { file, .. } => file,
        }
    }
}

/// Claude Code's shape, which others took over.
pub(crate) const NESTED: Shape = Shape {
    is_nested: true,
    has_type: true,
    command: "command",
    timeout: "timeout",
    version: None,
};

/// The entries for the moments that are wanted. An event that stands for two
/// moments is there once.
pub(crate) fn entries(
    agent: Agent,
    wanted: &Wanted<'_>,
    events: &[(Moment, &'static str)],
) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (moment, event) in events {
        if wanted.has(*moment) && !entries.iter().any(|entry| entry.event == *event) {
            let command = wanted.command.line(agent, event);
            entries.push(Entry { event, command, timeout: WAIT_SECONDS });
        }
    }
    entries
}

/// A project's file has this machine's paths in it.
pub(crate) const NOT_FOR_OTHERS: &str =
    "The file has paths of this machine in it: do not commit it.";
