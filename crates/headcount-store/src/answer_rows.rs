//! The rows that answer questions.

use headcount_catalog::{Age, Day};

/// The rows that answer a question, in a variant of the same name.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AnswerRows {
    /// Answers `Question::Events`, sorted by day, version and name.
    Events(Vec<EventCountRow>),
    /// Answers `Question::Active`, sorted by period and version.
    Active(Vec<ActiveRow>),
    /// Answers `Question::Marks`, sorted by period and age, unknown ages
    /// first.
    Marks(Vec<MarkRow>),
    /// Answers `Question::ByProperty`, sorted by day, version and value.
    ByProperty(Vec<ValueRow>),
    /// Answers `Question::Across`, sorted by day, version and both values.
    Across(Vec<PairRow>),
    /// Answers `Question::Failures`, sorted by day, version and value.
    Failures(Vec<FailureRow>),
    /// Answers `Question::Quantiles`, sorted by version and period, with the
    /// row of all days first.
    Quantiles(Vec<QuantileRow>),
    /// Answers `RawCount::Steps`, a row a step, in their order.
    Steps(Vec<StepRow>),
    /// Answers `RawCount::Next`, sorted by event and value: the end of visits
    /// first, and each event in the order of the question.
    Next(Vec<NextRow>),
    /// Answers `Question::Retention`, sorted by cohort and week.
    Retention(Vec<CohortRow>),
    /// Answers `Question::Versions`, sorted by version.
    Versions(Vec<VersionRow>),
    /// Answers `Question::Rejected`, sorted by all of what it counts by.
    Rejected(Vec<RejectedRow>),
    /// Answers `Question::Raw`.
    Raw(RawAnswer),
    /// Answers `Question::Outcomes`, sorted by product, outcome and reason.
    Outcomes(Vec<OutcomeRow>),
    /// Answers `Question::Products`, sorted by name.
    Products(Vec<ProductRow>),
}

/// The answer to a [`RawQuestion`](crate::RawQuestion).
#[derive(Debug, Clone, PartialEq)]
pub enum RawAnswer {
    /// The rows.
    Counted {
        /// The first day that was counted: raw events before it have expired,
        /// or it is the first day that was asked for. It may be after the last
        /// one.
        counted_from: Day,
        /// The rows, in the variant that the question without a filter has.
        rows: Box<AnswerRows>,
    },
    /// Nothing was counted: the days have too many raw events.
    TooMany {
        /// The number of raw events in these days; of a question about steps,
        /// or about what comes next, it may be those that are looked at.
        events: u64,
        /// The number that one question reads at most.
        most: u64,
        /// The first of the last days that have no more than that; `None` if
        /// the last day alone has more.
        fits_from: Option<Day>,
    },
}

impl RawAnswer {
    /// What is answered if days have more events than can be counted. The last
    /// day comes first.
    pub(crate) fn too_many(by_day: &[(Day, u64)], most: u64) -> Option<Self> {
        let events = by_day.iter().map(|(_, events)| events).sum();
        let mut read = 0;
        let fits = by_day.iter().take_while(|(_, events)| {
            read += events;
            read <= most
        });
        let fits_from = fits.last().map(|(day, _)| *day);
        (events > most).then_some(Self::TooMany { events, most, fits_from })
    }
}

/// A count of events of one name on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventCountRow {
    /// The day.
    pub day: Day,
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// The event's name.
    pub event: String,
    /// The number of events.
    pub count: u64,
}

/// A count of devices in one day, week or month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActiveRow {
    /// The first day of the period.
    pub start: Day,
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// The number: distinct ids, and a sum of marks for devices without one.
    pub devices: u64,
    /// Whether ids were counted exactly. If devices arrived after a day of the
    /// period had expired, they are estimated, with a standard error of 0.8 %;
    /// in a day that has expired, they count once more. A device that told
    /// several versions without a row counts once for each of them then.
    pub is_exact: bool,
}

/// A count of marks of one period and age.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MarkRow {
    /// The first day of the period.
    pub start: Day,
    /// How long these devices had been counted then; `None` if their events do
    /// not say it.
    pub age: Option<Age>,
    /// The number of marks, each of another device.
    pub devices: u64,
}

/// A count of events with one value on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueRow {
    /// The day.
    pub day: Day,
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// `true` or `false`, the word, the text, or
    /// [`limits::OTHER`](crate::limits::OTHER) for all values that have no row:
    /// a value of an open vocabulary has one once
    /// [`limits::TELLERS`](crate::limits::TELLERS) devices have told it.
    pub value: String,
    /// The number of events.
    pub count: u64,
}

/// A count of events with two values on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairRow {
    /// The day.
    pub day: Day,
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// The value of the first column.
    pub one: String,
    /// The value of the second column.
    pub other: String,
    /// The number of events.
    pub count: u64,
}

/// Counts of events that failed and that worked, on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FailureRow {
    /// The day.
    pub day: Day,
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// The value of the column; empty if none is asked for.
    pub value: String,
    /// The number of events that failed.
    pub failed: u64,
    /// The number of events that worked.
    pub worked: u64,
}

/// Quantiles of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct QuantileRow {
    /// The version, if each is asked for; empty if the event names none.
    pub version: Option<String>,
    /// The first day of the period; `None` for all days together.
    pub start: Option<Day>,
    /// The number of values.
    pub count: u64,
    /// Half of them are at most this.
    pub median: f64,
    /// Nine tenths of them are at most this.
    pub p90: f64,
    /// 99 of 100 are at most this.
    pub p99: f64,
    /// All of them together.
    pub sum: f64,
}

/// A count of the devices or sessions that reached a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StepRow {
    /// The place of the step, from 1 on.
    pub step: u32,
    /// The number of devices or sessions.
    pub count: u64,
    /// Half of them took at most so many seconds from the step before. Of the
    /// chains by which one reached this step first, it is the one that began
    /// last. `None` for the first step, and if nobody reached it.
    pub median_seconds: Option<u64>,
}

/// A count of what devices or sessions did next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NextRow {
    /// The event that came next; empty for visits that ended.
    pub event: String,
    /// Its value, if one is told of this event; empty if it has none.
    pub value: String,
    /// How often it came next.
    pub times: u64,
    /// The number of devices or sessions to which it came next.
    pub count: u64,
}

/// A count of devices of one cohort in one week.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CohortRow {
    /// The Monday of the week of their first event.
    pub cohort: Day,
    /// The Monday of a week in which they were active. In the first one, they
    /// all were.
    pub week: Day,
    /// The number of devices.
    pub devices: u64,
}

/// A version of the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionRow {
    /// The version; empty for events that name none.
    pub version: String,
    /// The first of the days with an event.
    pub first: Day,
    /// The last of the days with an event.
    pub last: Day,
    /// The number of events.
    pub count: u64,
}

/// A count of rejected events or dropped properties.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RejectedRow {
    /// The names of the event and the property as the catalog has them; empty
    /// if it knows neither.
    pub path: String,
    /// The kind of the property; empty if it is not known.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The version of the catalog that judged.
    pub catalog: u32,
    /// The version of the sender's program; empty if it is not known.
    pub program: String,
    /// The number of events or properties.
    pub count: u64,
}

/// A count of arrivals with one outcome and reason, since the store was
/// created.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutcomeRow {
    /// The product's name.
    pub product: String,
    /// `stored`, `duplicate`, `rejected` or `refused`.
    pub outcome: String,
    /// The reason, if the outcome is `rejected` or `refused`; otherwise empty.
    pub reason: String,
    /// The number of events.
    pub count: u64,
}

/// A product that has events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductRow {
    /// The product's name.
    pub product: String,
    /// The first day with an event.
    pub first: Day,
    /// The last day with an event.
    pub last: Day,
    /// The number of events, without duplicates.
    pub events: u64,
}
