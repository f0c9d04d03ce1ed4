//! The calls that fail, and the errors that each can fail with.

#[cfg(unix)]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use linux::{COMMON, INTERRUPTED, OWN_CALLS, TOLD_APART};
#[cfg(windows)]
use windows::{COMMON, INTERRUPTED, OWN_CALLS, TOLD_APART};

#[cfg(unix)]
pub(crate) use linux::CALLS;
#[cfg(windows)]
pub(crate) use windows::CALLS;

/// A kind of call, and what it fails with.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: &'static str,
    pub(crate) errors: &'static [Fault],
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// The number of the error; `None` for a write that is cut short, and for a
    /// process that is ended.
    pub(crate) number: Option<i32>,
}

impl Call {
    /// Whether it is one of the table's own.
    pub(crate) fn is_own(&self) -> bool {
        CALLS[..OWN_CALLS].iter().any(|own| own.name == self.name)
    }
}

impl Fault {
    /// One that is not an error.
    const fn named(name: &'static str) -> Self {
        Self { name, number: None }
    }

    /// Whether it can last: a call that is interrupted is repeated by the
    /// standard library until it is not, and no system interrupts for ever.
    pub(crate) fn lasts(&self) -> bool {
        self.number.is_some() && self.number != INTERRUPTED
    }

    /// Whether it is tried with every program: no access, no file, no space, a
    /// broken disk.
    pub(crate) fn is_common(&self) -> bool {
        self.number.is_none_or(|number| COMMON.contains(&number))
    }

    /// Whether our code, or the standard library, does something else for it
    /// than for most errors; and one of those that are treated alike.
    pub(crate) fn is_told_apart(&self) -> bool {
        self.number.is_none_or(|number| TOLD_APART.contains(&number))
    }

    /// Whether the process is ended, and no call fails.
    pub(crate) fn is_an_end(&self) -> bool {
        self.name == "killed"
    }
}
