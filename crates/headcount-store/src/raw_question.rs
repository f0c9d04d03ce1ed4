//! Questions whose answer is counted from raw events: those that filter by
//! values, and those that no rollup is kept for.

use headcount_catalog::{Day, Period};

use crate::{NextCount, StepCount, ValueFilter, VersionScope};

/// A question about raw events. It sees the days for which raw events are kept,
/// and no event of a person who was erased. Every count is of what events stand
/// for, as in every other question.
///
/// A value of an open vocabulary is the one that a rollup would show: until
/// [`limits::TELLERS`](crate::limits::TELLERS) devices have told it, it is
/// [`limits::OTHER`](crate::limits::OTHER), in filters as well as in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawQuestion {
    /// The product's name.
    pub product: String,
    /// What is counted.
    pub count: RawCount,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Which versions of the host.
    pub versions: VersionScope,
    /// The column whose values rows are split by. Rows have its value in the
    /// place of the version, and an empty one for events without a value.
    pub split: Option<String>,
    /// Events count that pass all of them.
    pub filters: Vec<ValueFilter>,
}

/// What is counted of raw events: as the question of the same name says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawCount {
    /// Events by day and name.
    Events,
    /// Devices by day, week or month: distinct ids, and the marks of events
    /// that pass the filters.
    Active {
        /// What a row stands for.
        period: Period,
    },
    /// Events of one name by day and by the value of a counted column.
    ByProperty {
        /// The event's name.
        event: String,
        /// The column's name.
        property: String,
    },
    /// Events of one name by day and by the values of any two counted columns.
    Across {
        /// The event's name.
        event: String,
        /// The name of the first column.
        one: String,
        /// The name of the second column.
        other: String,
    },
    /// Events of one name that failed and that worked.
    Failures {
        /// The event's name.
        event: String,
        /// The column's name; `None` for all together.
        by: Option<String>,
    },
    /// Quantiles of a column of numbers, of the same histogram as in rollups.
    Quantiles {
        /// The event's name.
        event: String,
        /// The column's name.
        property: String,
        /// What a row stands for.
        period: Period,
    },
    /// Devices or sessions that did one step after the other.
    Steps(StepCount),
    /// What devices or sessions did right after some steps.
    Next(NextCount),
}

impl RawQuestion {
    /// The first and the last day that are read: all days of a period whose
    /// devices are counted.
    #[must_use]
    pub fn days(&self) -> (Day, Day) {
        match &self.count {
            RawCount::Active { period } => (period.start(self.from), last_day(*period, self.to)),
            _ => (self.from, self.to),
        }
    }
}

/// The last day of the period that has a day.
pub(crate) fn last_day(period: Period, day: Day) -> Day {
    let start = period.start(day);
    match period {
        Period::Day => day,
        Period::Week => start.plus(6),
        // 31 days after its first day, every month is over.
        Period::Month => period.start(start.plus(31)).plus(-1),
    }
}
