//! The decision itself: a pure function over opinions.

use std::fmt;
use std::path::PathBuf;

use headcount_catalog::{Catalog, ConsentDefault, Rule};

/// Whether telemetry is on, and whose word that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    state: ConsentState,
    winner: Opinion,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// Nothing is recorded.
    Off,
    /// Events are recorded for the person's own eyes, and never sent.
    Local,
    /// Events are recorded and sent.
    On,
}

/// What one rule says, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// For or against.
    pub says: Says,
    /// Because of what.
    pub why: Why,
}

/// For, against, or for one's own eyes.
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
        /// Its value, as it is.
        value: String,
    },
    /// `--no-telemetry`.
    Flag,
    /// A key of the settings file.
    Setting {
        /// Its dotted path.
        key: &'static str,
        /// What stands there.
        value: String,
    },
    /// Continuous integration, told by this variable.
    Integration(&'static str),
    /// The catalog's default.
    Default,
    /// A file that cannot be used, and what is wrong with it.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There is no home of one's own.
    Home(&'static str),
    /// An administrator's policy file.
    Admin(PathBuf),
    /// This build has no telemetry in it.
    NotBuilt,
}

impl Decision {
    /// What an opinion that nothing else stands against decides.
    pub(super) fn off(winner: Opinion) -> Self {
        Self { state: ConsentState::Off, winner }
    }

    /// The answer.
    #[must_use]
    pub fn state(&self) -> ConsentState {
        self.state
    }

    /// The opinion that won.
    #[must_use]
    pub fn winner(&self) -> &Opinion {
        &self.winner
    }

    /// Whether the answer is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.state == ConsentState::On
    }

    /// The one line of a daemon's start: `Telemetry: enabled`, or why it is not.
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

/// The first opinion in the catalog's order wins; where there is none, its
/// default holds. An administrator's is above them all and can only reduce.
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
            Self::Variable { name, value } => write!(out, "env:{name}={value}"),
            Self::Flag => out.write_str("flag:--no-telemetry"),
            Self::Setting { key, value } => write!(out, "config:{key}={value}"),
            Self::Integration(name) => write!(out, "ci:{name}"),
            Self::Default => out.write_str("default"),
            Self::File { path, .. } => write!(out, "file:{}", path.display()),
            Self::Home(problem) => write!(out, "home:{problem}"),
            Self::Admin(path) => write!(out, "admin:{}", path.display()),
            Self::NotBuilt => out.write_str("build:disabled"),
        }
    }
}

impl Why {
    /// What more there is to say than the short form does.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::File { problem, .. } => Some(problem),
            _ => None,
        }
    }
}
