//! What is tried: a command of a product in a state that the person's machine
//! can be in.

use crate::products::{PRODUCTS, Product};

/// What was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing at all.
    Never,
    /// On, with an id, and events that wait: some claimed after a request that
    /// failed, one in the open segment.
    Queued,
    /// On, with an id, and one event that waits; nothing was tried.
    Waiting,
    /// On, but the id is deleted: the next record makes one.
    Unminted,
    /// On, with an id of an earlier month.
    Old,
    /// Turned off after it was on.
    Off,
    /// Turned off by hand, in the settings file; events wait.
    Refused,
    /// On this machine only, with a record.
    Local,
}

/// What the person or the host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    On,
    Off,
    Local,
    Clear,
    ClearAll,
    Forget,
    /// An ordinary command of the product.
    Record,
    /// The same, which makes an id.
    Mint,
    /// The same, which replaces the id of another month.
    Rotate,
    /// The same, which starts a shipper at its end.
    Ship,
    Status,
    Flush,
}

/// Which errors are tried where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errors {
    /// All that the manual names: each at every call of a kind together, the
    /// common ones at each call alone, those that are told apart at every
    /// second, and the rest at every eighth.
    All,
    /// The common ones, of the table's own calls.
    Common,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) product: &'static Product,
    pub(crate) state: State,
    pub(crate) act: Act,
    pub(crate) errors: Errors,
}

/// Each state with what is done in it.
const PLAYS: [(State, &[Act]); 8] = [
    (State::Never, &[Act::On, Act::Off, Act::Local, Act::Record]),
    (
        State::Queued,
        &[Act::Off, Act::Local, Act::Clear, Act::ClearAll, Act::Forget, Act::Status, Act::Record],
    ),
    (State::Waiting, &[Act::Flush, Act::Ship]),
    (State::Unminted, &[Act::Mint]),
    (State::Old, &[Act::Rotate]),
    (State::Off, &[Act::On, Act::Off, Act::Clear, Act::ClearAll, Act::Record]),
    (State::Refused, &[Act::Record, Act::Flush, Act::Status, Act::Off]),
    (State::Local, &[Act::On, Act::Off, Act::Local, Act::Clear, Act::Record]),
];

/// Products that are tried with every error, one with a JSON file that asks
/// first, and one with a TOML file that is on by default.
pub(crate) const IN_FULL: [&str; 2] = ["atomic", "atomcode"];

/// Every row, in order.
pub(crate) fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for product in &PRODUCTS {
        let in_full = IN_FULL.contains(&product.name);
        let errors = if in_full { Errors::All } else { Errors::Common };
        for (state, acts) in PLAYS {
            for &act in acts {
                if act != Act::Rotate || product.rotates {
                    scenes.push(Scene { product, state, act, errors });
                }
            }
        }
    }
    scenes
}

impl Scene {
    /// Whether cells of it are run at every change. On Linux all are.
    pub(crate) fn is_usual(&self) -> bool {
        cfg!(unix) || self.errors == Errors::All
    }

    /// `PRODUCT/STATE/COMMAND`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}/{}", self.product.name, self.state.name(), self.act.name())
    }

    /// The words after the program's name.
    pub(crate) fn words(&self) -> Vec<String> {
        match self.act {
            Act::On => self.product.words(&["telemetry", "on"]),
            Act::Off => self.product.words(&["telemetry", "off"]),
            Act::Local => self.product.words(&["telemetry", "local"]),
            Act::Clear => self.product.words(&["telemetry", "clear"]),
            Act::ClearAll => self.product.words(&["telemetry", "clear", "--all"]),
            Act::Forget => self.product.words(&["telemetry", "forget"]),
            Act::Status => self.product.words(&["telemetry", "status", "--json"]),
            Act::Flush => self.product.words(self.product.flush),
            Act::Record | Act::Mint | Act::Rotate | Act::Ship => {
                self.product.words(self.product.ordinary)
            }
        }
    }
}

impl Act {
    /// Every command, in the order of the table.
    pub(crate) const ALL: [Self; 12] = [
        Self::On,
        Self::Off,
        Self::Local,
        Self::Clear,
        Self::ClearAll,
        Self::Forget,
        Self::Record,
        Self::Mint,
        Self::Rotate,
        Self::Ship,
        Self::Status,
        Self::Flush,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Local => "local",
            Self::Clear => "clear",
            Self::ClearAll => "clear-all",
            Self::Forget => "forget",
            Self::Record => "record",
            Self::Mint => "mint",
            Self::Rotate => "rotate",
            Self::Ship => "ship",
            Self::Status => "status",
            Self::Flush => "flush",
        }
    }

    /// Whether a host does it, and not a person.
    pub(crate) fn is_of_a_host(self) -> bool {
        matches!(self, Self::Record | Self::Mint | Self::Rotate | Self::Ship)
    }
}

impl State {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Queued => "queued",
            Self::Waiting => "waiting",
            Self::Unminted => "unminted",
            Self::Old => "old",
            Self::Off => "off",
            Self::Refused => "refused",
            Self::Local => "local",
        }
    }
}
