//! Which event of a device is the first of a day, of a week and of a month, for
//! products that count devices without an id: pure, and the same for every
//! process. [`crate::disk::counted`] keeps it on disk.
//!
//! Of each kind of period, the newest few that were marked are known. A period
//! is marked if it is not among them and is not older than all of them. So
//! whatever the clock does, none is marked twice: one that is not known any
//! more is older than those that are.

use headcount_catalog::{Age, Day, Period};

use crate::limits;

/// The periods that a device has marked, and the week of its first mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkedPeriods {
    /// For each kind of period the first days of the newest that were marked,
    /// the oldest first.
    newest: [Vec<Day>; Period::ALL.len()],
    /// The Monday of the week of the first mark; `None` before it.
    since: Option<Day>,
}

impl MarkedPeriods {
    /// Those of a device that has never marked anything.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Those of a device of which nothing is known any more: it may have marked
    /// everything up to today.
    #[must_use]
    pub fn unknown(today: Day) -> Self {
        let until_today = |(period, _): (Period, &str)| {
            let mut newest = vec![period.start(today)];
            while newest.len() < limits::MARKED_PERIODS {
                newest.push(period.before(newest[newest.len() - 1]));
            }
            newest.reverse();
            newest
        };
        Self { newest: Period::ALL.map(until_today), since: Some(today.week_start()) }
    }

    /// Reads what was kept: `newest` returns the first days of the periods of a
    /// kind, in any order. `None` if one of them is not the first day of such a
    /// period.
    pub(crate) fn kept(
        mut newest: impl FnMut(Period) -> Option<Vec<Day>>,
        since: Option<Day>,
    ) -> Option<Self> {
        let mut kept = Self { since: since.map(Day::week_start), ..Self::default() };
        for (period, _) in Period::ALL {
            let days = newest(period)?;
            if days.iter().any(|day| period.start(*day) != *day) {
                return None;
            }
            for day in days {
                kept.remember(period, day);
            }
        }
        Some(kept)
    }

    /// The first days of the newest marked periods of a kind, the oldest first.
    #[must_use]
    pub fn newest(&self, period: Period) -> &[Day] {
        &self.newest[period as usize]
    }

    /// The Monday of the week of the first mark.
    #[must_use]
    pub fn since(&self) -> Option<Day> {
        self.since
    }

    /// Whether an event of today would be the first one of a period.
    #[must_use]
    pub fn is_due(&self, count: &[Period], today: Day) -> bool {
        count.iter().any(|period| self.is_unmarked(*period, today))
    }

    /// Marks the periods of which an event of today is the first one, and
    /// returns them with the age of the device; `None` if there are none.
    pub fn take(&mut self, count: &[Period], today: Day) -> Option<(Vec<Period>, Age)> {
        let due = |period: &Period| self.is_unmarked(*period, today);
        let due: Vec<Period> = count.iter().copied().filter(due).collect();
        if due.is_empty() {
            return None;
        }
        for period in &due {
            self.remember(*period, period.start(today));
        }
        let week = today.week_start();
        let since = match self.since {
            // A clock that was ahead has noted a later week.
            Some(since) if week < since && week >= limits::FIRST_WEEK => week,
            Some(since) => since,
            None => week,
        };
        self.since = Some(since);
        Some((due, Age::between(since, today)))
    }

    /// Forgets since when the device was counted: its age begins anew. The
    /// marked periods stay, or it would mark them once more.
    pub fn begin_anew(&mut self) {
        self.since = None;
    }

    fn is_unmarked(&self, period: Period, today: Day) -> bool {
        let (newest, start) = (self.newest(period), period.start(today));
        let is_too_old = newest.len() >= limits::MARKED_PERIODS && start < newest[0];
        !is_too_old && !newest.contains(&start)
    }

    fn remember(&mut self, period: Period, start: Day) {
        let newest = &mut self.newest[period as usize];
        if let Err(place) = newest.binary_search(&start) {
            newest.insert(place, start);
        }
        let surplus = newest.len().saturating_sub(limits::MARKED_PERIODS);
        newest.drain(..surplus);
    }
}

#[cfg(test)]
#[path = "marked_periods_tests.rs"]
mod tests;
