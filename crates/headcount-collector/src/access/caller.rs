//! Who asks, as far as the gate has found out.

use crate::credentials::{ReaderName, Role};

/// Who asks: an extension of every request that has passed the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The reader's name; `None` in development.
    pub(crate) name: Option<ReaderName>,
    pub(crate) role: Role,
    pub(crate) means: Means,
}

/// How the gate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Means {
    /// It does not: in development everybody on this machine may do everything.
    Development,
    /// By a token in the head.
    Token,
    /// By the cookie of a browser that has signed in.
    SignIn,
    /// By a header of the proxy in front.
    Proxy,
}

impl Caller {
    pub(super) fn in_development() -> Self {
        Self { name: None, role: Role::Operate, means: Means::Development }
    }

    /// Whether a browser adds the proof of who asks by itself, also to what a
    /// page of another origin sends.
    pub(super) fn is_ambient(&self) -> bool {
        matches!(self.means, Means::SignIn | Means::Proxy)
    }
}
