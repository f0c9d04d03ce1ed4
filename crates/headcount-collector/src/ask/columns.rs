//! The columns of the answers to each question: one description for JSON, CSV
//! and the OpenAPI document.

use headcount_catalog::Period;

use super::http_question::HttpQuestion;
use CellForm::{Count, Day, Flag, Month, Number, Share, Text};

/// A column of the rows of an answer. The rows are built in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AnswerColumn {
    pub(crate) name: &'static str,
    /// The object that has it in JSON. Columns of one group stand side by side.
    pub(crate) group: Option<&'static str>,
    pub(crate) form: CellForm,
    pub(crate) presence: Presence,
    pub(crate) meaning: &'static str,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellForm {
    Text,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number from 0 on.
    Count,
    /// A number.
    Number,
    /// A number from 0 on, with four decimals: 1 is all.
    Share,
    /// A day such as 2026-11-20.
    Day,
    /// A month such as 2026-11.
    Month,
    /// `true`, where it is there.
    Flag,
}

/// Which rows have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    /// In every row, and `null` in some.
    Nullable,
    /// In every row, if each version is asked for.
    EachVersion,
    /// In every row, if each value of a property is asked for.
    EachValue,
    /// In some rows.
    Sometimes,
    /// Every row has exactly one of the columns with this.
    Either,
}

/// What the columns of an answer depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AnswerShape {
    pub(crate) question: HttpQuestion,
    pub(crate) period: Period,
    /// Whether new devices are told by marks, not by ids.
    pub(crate) by_marks: bool,
}

impl AnswerShape {
    /// Every shape that the answer to a question can have.
    pub(crate) fn all(question: HttpQuestion) -> Vec<Self> {
        let shape = |period, by_marks| Self { question, period, by_marks };
        match question {
            HttpQuestion::Active | HttpQuestion::Quantiles => {
                Period::ALL.map(|(period, _)| shape(period, false)).to_vec()
            }
            HttpQuestion::Retention => {
                [true, false].map(|marks| shape(Period::Week, marks)).to_vec()
            }
            _ => vec![shape(Period::Day, false)],
        }
    }

    /// The columns, in the order of the documentation.
    pub(crate) fn columns(self) -> Vec<AnswerColumn> {
        let start = start_of(self.period);
        match self.question {
            HttpQuestion::Events => vec![DAY, VERSION, BY, EVENT, EVENTS],
            HttpQuestion::Active => vec![start, VERSION, BY, DEVICES, ESTIMATED],
            HttpQuestion::NewAndReturning => vec![WEEK, NEW, RETURNING, UNKNOWN],
            HttpQuestion::Retention if self.by_marks => {
                vec![WEEK, AGE, ACTIVE, COHORTS_FROM, COHORTS_TO, COHORTS_DEVICES, MARKED_SHARE]
            }
            HttpQuestion::Retention => vec![COHORT, WEEK, ACTIVE, OF, COHORT_SHARE],
            HttpQuestion::ByProperty => vec![DAY, VERSION, BY, VALUE, EVENTS],
            HttpQuestion::Across => vec![DAY, VERSION, BY, ONE, OTHER, EVENTS],
            HttpQuestion::Failures => vec![DAY, VERSION, BY, VALUE, FAILED, WORKED, FAILED_SHARE],
            HttpQuestion::Quantiles => {
                let start = AnswerColumn { presence: Presence::Either, ..start };
                vec![ALL_DAYS, start, VERSION, BY, VALUES, P50, P90, P99, SUM]
            }
            HttpQuestion::Steps => vec![STEP, WHAT, REACHED, OF_FIRST, OF_BEFORE, STEP_SECONDS],
            HttpQuestion::Next => vec![NEXT_EVENT, NEXT_VALUE, NEXT_STEP, TIMES, NEXT_SHARE, WHOSE],
            HttpQuestion::Versions => vec![OWN_VERSION, FIRST, LAST, EVENTS],
            HttpQuestion::Rejected => vec![PATH, KIND, REASON, CATALOG, PROGRAM, REJECTED],
        }
    }
}

fn start_of(period: Period) -> AnswerColumn {
    match period {
        Period::Day => DAY,
        Period::Week => WEEK,
        Period::Month => MONTH,
    }
}

const fn column(name: &'static str, form: CellForm, meaning: &'static str) -> AnswerColumn {
    AnswerColumn { name, group: None, form, presence: Presence::Always, meaning }
}

impl AnswerColumn {
    const fn in_group(mut self, group: &'static str) -> Self {
        self.group = Some(group);
        self
    }

    const fn which(mut self, presence: Presence) -> Self {
        self.presence = presence;
        self
    }
}

const DAY: AnswerColumn = column("day", Day, "The day, UTC");
const WEEK: AnswerColumn = column("week", Day, "The Monday of the week");
const MONTH: AnswerColumn = column("month", Month, "The month");
const VERSION: AnswerColumn =
    column("version", Text, "The version of the program; empty if the event names none")
        .which(Presence::EachVersion);
const BY: AnswerColumn =
    column("by", Text, "The value of the property that `by` names; empty if the event has none")
        .which(Presence::EachValue);
const EVENT: AnswerColumn = column("event", Text, "The name of the event");
const EVENTS: AnswerColumn = column("count", Count, "The number of events");
const DEVICES: AnswerColumn = column("devices", Count, "The number of devices");
const ESTIMATED: AnswerColumn =
    column("estimated", Flag, "Whether the number is estimated, with a standard error of 0.8 %")
        .which(Presence::Sometimes);
const NEW: AnswerColumn = column("new", Count, "Devices whose first event was in this week");
const RETURNING: AnswerColumn =
    column("returning", Count, "Devices that were there in an earlier week");
const UNKNOWN: AnswerColumn = column("unknown", Count, "Devices that do not say which of both");
const AGE: AnswerColumn = column(
    "age",
    CellForm::OneOf(&["0", "1", "2-3", "4-7", "8+"]),
    "How many weeks before the devices were new",
);
const ACTIVE: AnswerColumn = column("devices", Count, "Devices that were active in the week");
const COHORTS_FROM: AnswerColumn = column(
    "from",
    Day,
    "The Monday of the first week in which they were new; null: the first ever",
)
.in_group("cohorts")
.which(Presence::Nullable);
const COHORTS_TO: AnswerColumn =
    column("to", Day, "The Monday of the last week in which they were new").in_group("cohorts");
const COHORTS_DEVICES: AnswerColumn =
    column("devices", Count, "All devices that were new in these weeks").in_group("cohorts");
const MARKED_SHARE: AnswerColumn =
    column("share", Share, "The devices of the week, as a share of all; null if there are none")
        .which(Presence::Nullable);
const COHORT: AnswerColumn = column("cohort", Day, "The Monday of the week of their first event");
const OF: AnswerColumn = column("of", Count, "All devices of the cohort");
const COHORT_SHARE: AnswerColumn = column("share", Share, "The devices as a share of the cohort");
const VALUE: AnswerColumn =
    column("value", Text, "The value of the property; `other` for values without a row");
const ONE: AnswerColumn = column("one", Text, "The value of the first property");
const OTHER: AnswerColumn = column("other", Text, "The value of the second property");
const FAILED: AnswerColumn = column("failed", Count, "Events that failed");
const WORKED: AnswerColumn = column("worked", Count, "Events that worked");
const FAILED_SHARE: AnswerColumn = column("share", Share, "The share that failed");
const ALL_DAYS: AnswerColumn =
    column("all", Flag, "The row is of all days together").which(Presence::Either);
const VALUES: AnswerColumn = column("count", Count, "The number of values");
const P50: AnswerColumn = column("p50", Number, "Half of the values are at most this");
const P90: AnswerColumn = column("p90", Number, "Nine tenths of the values are at most this");
const P99: AnswerColumn = column("p99", Number, "99 of 100 values are at most this");
const SUM: AnswerColumn = column("sum", Number, "All values together");
const STEP: AnswerColumn = column("step", Count, "The place of the step, from 1 on");
const WHAT: AnswerColumn = column("what", Text, "The step, as it was asked for");
const REACHED: AnswerColumn =
    column("count", Count, "The number of devices, or of sessions, that reached the step");
const OF_FIRST: AnswerColumn =
    column("of_first", Share, "The share of those of the first step; null if there are none")
        .which(Presence::Nullable);
const OF_BEFORE: AnswerColumn = column(
    "of_before",
    Share,
    "The share of those of the step before; null if there are none, and for the first step",
)
.which(Presence::Nullable);
const STEP_SECONDS: AnswerColumn = column(
    "median_seconds",
    Count,
    "Half took at most so long from the step before; null if nobody reached it, and for the first \
     step",
)
.which(Presence::Nullable);
const NEXT_EVENT: AnswerColumn =
    column("event", Text, "The event that came next; empty where a visit ended");
const NEXT_VALUE: AnswerColumn =
    column("value", Text, "The value of the event's first closed set; empty if it has none");
const NEXT_STEP: AnswerColumn =
    column("after", Text, "The event and value as a further `after`; empty where a visit ended");
const TIMES: AnswerColumn = column("times", Count, "How often it came next");
const NEXT_SHARE: AnswerColumn = column("share", Share, "The share of all times");
const WHOSE: AnswerColumn =
    column("count", Count, "The number of devices, or of sessions, to which it came next");
const OWN_VERSION: AnswerColumn =
    column("version", Text, "The version of the program; empty if the event names none");
const FIRST: AnswerColumn = column("first", Day, "The first of the days with an event");
const LAST: AnswerColumn = column("last", Day, "The last of the days with an event");
const PATH: AnswerColumn =
    column("path", Text, "The names of event and property; empty if the catalog knows neither");
const KIND: AnswerColumn = column("kind", Text, "The kind of the property; empty if unknown");
const REASON: AnswerColumn = column("reason", Text, "Why");
const CATALOG: AnswerColumn = column("catalog", Count, "The version of the catalog that judged");
const PROGRAM: AnswerColumn =
    column("program", Text, "The version of the sender's program; empty if unknown");
const REJECTED: AnswerColumn = column("count", Count, "The number of events or properties");
