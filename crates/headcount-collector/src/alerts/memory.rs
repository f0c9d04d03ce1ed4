//! What is remembered of the rules: which ring, when an event arrived last, and
//! which week was reported.

use std::collections::BTreeMap;

use headcount_catalog::{Day, Time};

use super::queue::Pending;
use super::sight::{AlertSight, AlertState};

/// What is remembered of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RuleMemory {
    /// Since when it rings.
    pub(crate) ringing: Option<Time>,
    /// When an event arrived last, as far as anybody has looked.
    pub(crate) arrived: Option<Arrived>,
    /// When the collector started; `None` where none runs. It is not kept.
    pub(crate) started: Option<Time>,
}

/// How many events had arrived at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) stored: u64,
    pub(crate) at: Time,
}

/// What is remembered of all, by the names of the rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AlertMemory {
    pub(crate) rules: BTreeMap<String, RuleMemory>,
    /// By the names of the reports, the Monday of the week that was reported
    /// last.
    pub(crate) reported: BTreeMap<String, Day>,
    pub(crate) pending: Vec<Pending>,
}

impl RuleMemory {
    /// Notes how many events have been stored by now.
    pub(crate) fn heard(&mut self, stored: u64, now: Time) {
        // A clock that was set back would prolong the silence.
        let is_new =
            self.arrived.is_none_or(|arrived| arrived.stored != stored || arrived.at > now);
        if is_new {
            self.arrived = Some(Arrived { stored, at: now });
        }
    }

    /// Takes up what is seen. Returns the word for the change, if there is one.
    pub(crate) fn see(&mut self, sight: &AlertSight, now: Time) -> Option<&'static str> {
        match (sight.state, self.ringing) {
            (AlertState::Ringing, None) => {
                self.ringing = Some(now);
                Some("begun")
            }
            (AlertState::Quiet, Some(_)) => {
                self.ringing = None;
                Some("over")
            }
            _ => None,
        }
    }
}
