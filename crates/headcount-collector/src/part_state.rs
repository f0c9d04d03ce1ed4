//! The state of one part of a collector.

use headcount_catalog::Time;

/// A part of a collector, and what is wrong with it. Both have nothing of this
/// machine: anybody may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartState {
    /// What it is, as in "the writer".
    pub(crate) part: &'static str,
    /// A sentence; `None` if nothing is wrong.
    pub(crate) problem: Option<&'static str>,
    /// Whether the collector takes events although it is wrong.
    pub(crate) is_bearable: bool,
}

impl PartState {
    pub(crate) fn of(part: &'static str, problem: Option<&'static str>) -> Self {
        Self { part, problem, is_bearable: false }
    }

    /// A part that is wrong while the collector takes events.
    pub(crate) fn bearable(part: &'static str, problem: &'static str) -> Self {
        Self { part, problem: Some(problem), is_bearable: true }
    }

    /// Whether it keeps the collector from taking events.
    pub(crate) fn is_in_the_way(&self) -> bool {
        self.problem.is_some() && !self.is_bearable
    }
}

/// What says until when the certificate of this collector holds, if it has one
/// of its own.
pub(crate) type CertificateExpiry = Box<dyn Fn() -> Option<Time> + Send + Sync>;
