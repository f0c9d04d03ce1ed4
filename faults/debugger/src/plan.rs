//! Which call fails, and how. It has no effects.

use std::path::PathBuf;

/// `STATUS_DISK_FULL` of ntstatus.h.
const DISK_FULL: i32 = 0xC000_007F_u32.cast_signed();

/// The kind that stands for each call which changes something, or prepares
/// that.
pub const STEP: &str = "step";

/// How a process ends that the plan ends: no command of ours ends so.
pub const KILLED: i32 = 0x4B11;

/// The calls of [`STEP`].
const STEPS: [&str; 10] = [
    "create",
    "mkdir",
    "write",
    "flush",
    "rename",
    "link",
    "delete",
    "truncate",
    "attributes",
    "protect",
];

/// How the chosen call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// With this number of ntstatus.h.
    Status(i32),
    /// One write takes half; the next one works.
    Short,
    /// One write takes half; all others find no space.
    Full,
    /// The process is ended before the call.
    Killed,
}

/// The call that fails.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The kind, such as `open`.
    pub call: String,
    /// From 1; `None` for every call.
    pub at: Option<u64>,
    /// How.
    pub fault: Fault,
}

/// What is to happen.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder below which calls count.
    pub below: PathBuf,
    /// The call that fails; `None` if all are noted.
    pub chosen: Option<Chosen>,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Passes,
    Fails(i32),
    IsCutShort,
    Ends,
}

impl Plan {
    /// Whether calls of this kind can fail, or are noted.
    pub(crate) fn is_about(&self, call: &str) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.is_about(call))
    }

    /// What happens to the call of this number, from 1.
    pub(crate) fn fate(&self, number: u64) -> Fate {
        let Some(chosen) = &self.chosen else { return Fate::Passes };
        match (chosen.fault, chosen.at) {
            (Fault::Status(status), None) => Fate::Fails(status),
            (Fault::Status(status), Some(at)) if number == at => Fate::Fails(status),
            (Fault::Short | Fault::Full, Some(at)) if number == at => Fate::IsCutShort,
            (Fault::Full, Some(at)) if number > at => Fate::Fails(DISK_FULL),
            (Fault::Killed, Some(at)) if number == at => Fate::Ends,
            _ => Fate::Passes,
        }
    }
}

impl Chosen {
    fn is_about(&self, call: &str) -> bool {
        self.call == call || self.call == STEP && STEPS.contains(&call)
    }
}

/// Whether a call is one of [`STEP`]'s.
pub(crate) fn is_step(call: &str) -> bool {
    STEPS.contains(&call)
}
