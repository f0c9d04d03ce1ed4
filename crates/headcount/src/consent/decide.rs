//! The decision itself: a pure function over opinions.

use std::fmt;
use std::path::PathBuf;

use headcount_catalog::{Catalog, ConsentDefault, Rule};

use crate::visible;

/// Whether telemetry is on, and which rule decided that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub(super) state: ConsentState,
    pub(super) winner: Opinion,
}

/// The state of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// Nothing is recorded.
    Off,
    /// Events are recorded for the person only, and never sent.
    Local,
    /// Events are recorded and sent.
    On,
}

/// The opinion of one rule, and its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The opinion.
    pub says: Says,
    /// Its cause.
    pub why: Why,
}

/// An opinion: off, local or on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Off.
    Refuse,
    /// Recorded, never sent.
    Local,
    /// On.
    Grant,
}

/// The cause of an opinion, as `status` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A variable of the environment.
    Variable {
        /// Its name.
        name: String,
        /// Its value, unchanged.
        value: String,
    },
    /// `--no-telemetry`.
    Flag,
    /// A key of a settings file, or of our own note of the person's answer.
    Setting {
        /// Its dotted path, as it is written in the file.
        key: String,
        /// Its value.
        value: String,
        /// The file.
        file: PathBuf,
        /// The key that was probably meant, if it is another.
        meant: Option<&'static str>,
    },
    /// Continuous integration, detected by this variable.
    Integration(&'static str),
    /// The catalog's default.
    Default,
    /// A file that cannot be used.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no usable home folder; the text says why.
    Home(&'static str),
    /// An administrator's policy file.
    Admin(PathBuf),
    /// This build has no telemetry.
    NotBuilt,
}

impl Decision {
    /// A decision for off by this opinion alone.
    pub(super) fn off(winner: Opinion) -> Self {
        Self { state: ConsentState::Off, winner }
    }

    /// The state of consent.
    #[must_use]
    pub fn state(&self) -> ConsentState {
        self.state
    }

    /// The opinion that won.
    #[must_use]
    pub fn winner(&self) -> &Opinion {
        &self.winner
    }

    /// Whether telemetry is on: events are recorded and sent.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == ConsentState::On
    }

    /// The line that a daemon prints at its start: `Telemetry: enabled`, or why
    /// it is not.
    #[must_use]
    pub fn status_line(&self) -> String {
        let why = &self.winner.why;
        match self.state {
            ConsentState::On => "Telemetry: enabled".to_owned(),
            ConsentState::Local => format!("Telemetry: local (reason: {why})"),
            ConsentState::Off => format!("Telemetry: disabled (reason: {why})"),
        }
    }
}

/// The first opinion in the catalog's order wins; without one, the catalog's
/// default holds. An administrator's opinion overrules all of them and can only
/// reduce.
pub(super) fn decide(
    catalog: &Catalog,
    admin: Option<Opinion>,
    mut ask: impl FnMut(Rule) -> Option<Opinion>,
) -> Decision {
    if let Some(admin) = &admin
        && admin.says == Says::Refuse
    {
        return Decision { state: ConsentState::Off, winner: admin.clone() };
    }
    let default = match catalog.consent.default {
        ConsentDefault::On => Says::Grant,
        ConsentDefault::Ask | ConsentDefault::Off => Says::Refuse,
    };
    let order = catalog.consent.order.iter();
    let person = order
        .filter_map(|rule| ask(*rule))
        .next()
        .unwrap_or(Opinion { says: default, why: Why::Default });
    match (person.says, admin) {
        (Says::Refuse, _) => Decision { state: ConsentState::Off, winner: person },
        (Says::Grant, None) => Decision { state: ConsentState::On, winner: person },
        (Says::Local, None) => Decision { state: ConsentState::Local, winner: person },
        (Says::Grant | Says::Local, Some(admin)) => {
            Decision { state: ConsentState::Local, winner: admin }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable { name, value } => write!(out, "env:{name}={}", visible::value(value)),
            Self::Flag => out.write_str("flag:--no-telemetry"),
            Self::Setting { key, value, .. } => {
                write!(out, "config:{key}={}", visible::value(value))
            }
            Self::Integration(name) => write!(out, "ci:{name}"),
            Self::Default => out.write_str("default"),
            Self::File { path, .. } => {
                write!(out, "file:{}", visible::visible(&path.display().to_string()))
            }
            Self::Home(problem) => write!(out, "home:{problem}"),
            Self::Admin(path) => {
                write!(out, "admin:{}", visible::visible(&path.display().to_string()))
            }
            Self::NotBuilt => out.write_str("build:disabled"),
        }
    }
}

impl Why {
    /// More than the short form says: what is wrong with a file.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::File { problem, .. } => Some(problem),
            _ => None,
        }
    }
}
