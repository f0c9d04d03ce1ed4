//! The closed list of questions.

use headcount_catalog::{Day, Period};

use crate::{RawQuestion, VersionScope};

/// A question about what is stored. Both days are included. A product, event or
/// property that has no events has no rows. Every count is of what events stand
/// for: one that a device sent at a rate of a tenth counts as ten.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Counts events by day and name.
    Events {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Counts devices by day, week or month: distinct ids, and marks of devices
    /// without one. Every period that has one of the days is counted as a
    /// whole. A period without devices has no row.
    Active {
        /// The product's name.
        product: String,
        /// What a row stands for.
        period: Period,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Counts the marks of devices without an id, by day, week or month and by
    /// the age of the device. Every period that has one of the days is counted
    /// as a whole.
    Marks {
        /// The product's name.
        product: String,
        /// What a row stands for.
        period: Period,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts events of one name by day and by the value of a counted column.
    ByProperty {
        /// The product's name.
        product: String,
        /// The event's name.
        event: String,
        /// The column's name.
        property: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Counts events of one name by day and by the values of two columns that
    /// the catalog names as a pair, in either order.
    Across {
        /// The product's name.
        product: String,
        /// The event's name.
        event: String,
        /// The name of the first column.
        one: String,
        /// The name of the second column.
        other: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Counts events of one name that failed and that worked, by day and by the
    /// value of a counted column. Events that do not say it are not counted.
    Failures {
        /// The product's name.
        product: String,
        /// The event's name.
        event: String,
        /// The column's name; `None` for all together.
        by: Option<String>,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Quantiles of a column of numbers: durations, counts and amounts. They
    /// are of a histogram: whole numbers below 64 are exact, and any other is
    /// wrong by at most 1/64, which is 1.6 %.
    Quantiles {
        /// The product's name.
        product: String,
        /// The event's name.
        event: String,
        /// The column's name.
        property: String,
        /// What a row stands for.
        period: Period,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// Which versions of the host.
        versions: VersionScope,
    },
    /// Counts devices with an id by the week of their first event and by the
    /// weeks in which they were active. The days say which cohorts: those whose
    /// week has one of them. A device whose first day is older than the oldest
    /// raw event is in no cohort.
    Retention {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Lists the versions of the host, with their first and last day.
    Versions {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts rejected events and dropped properties by where and why. The days
    /// are those of arrival.
    Rejected {
        /// The product's name.
        product: String,
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
    },
    /// Counts raw events, which no rollup is kept for.
    Raw(RawQuestion),
    /// Counts all arrivals since the store was created, by outcome.
    Outcomes,
    /// Lists the products that have events.
    Products,
}
