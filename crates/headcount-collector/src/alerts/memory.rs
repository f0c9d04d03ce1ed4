//! What is remembered of the rules: which ring, when an event arrived last, and
//! which week or month was reported.

use std::collections::BTreeMap;

use headcount_catalog::Time;

use super::queue::Pending;
use super::sight::{AlertSight, AlertState};
use crate::reports::ReportSpan;

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
    /// By the names of the reports, the week or month that was reported last.
    pub(crate) reported: BTreeMap<String, ReportSpan>,
    pub(crate) pending: Vec<Pending>,
}

impl AlertMemory {
    /// Whether a report that is due has yet to be told.
    pub(crate) fn is_untold(&mut self, report: &str, due: ReportSpan) -> bool {
        // A report that is new begins with the next week or month.
        let told = self.reported.entry(report.to_owned()).or_insert(due);
        let is_untold = told.is_before(due);
        if !is_untold {
            // A clock that was ahead has reported what is to come: what comes
            // until then is reported all the same. And a report that was of
            // weeks until now is new as one of months.
            *told = due;
        }
        is_untold
    }
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

#[cfg(test)]
mod tests {
    use headcount_catalog::{Day, Period};

    use super::*;

    #[test]
    fn a_report_is_told_once_and_a_new_one_with_the_next() {
        let span = |period, day| ReportSpan::of(period, Day::parse(day).unwrap());
        let month = |day| span(Period::Month, day);
        let mut memory = AlertMemory::default();
        let mut is_untold = |due| {
            let is_untold = memory.is_untold("team", due);
            if is_untold {
                memory.reported.insert("team".to_owned(), due);
            }
            is_untold
        };
        assert!(!is_untold(month("2026-10-01")), "it is new");
        assert!(is_untold(month("2026-11-01")));
        assert!(!is_untold(month("2026-11-01")));
        // Of several that were missed.
        assert!(is_untold(month("2027-02-01")));
        // The clock was ahead.
        assert!(!is_untold(month("2026-11-01")));
        assert!(is_untold(month("2026-12-01")));
        // It is of weeks from now on, and then of months once more: new, even
        // where the later one begins later.
        assert!(!is_untold(span(Period::Week, "2026-12-28")));
        assert!(is_untold(span(Period::Week, "2027-01-04")));
        assert!(!is_untold(month("2027-02-01")));
        assert!(is_untold(month("2027-03-01")));
    }
}
