//! The parameters of questions: one description for the reader of requests, the
//! OpenAPI document, and the command line.

use crate::limits;

/// A parameter of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionParameter {
    /// The product that is asked about.
    Product,
    /// The name of an event.
    Event,
    /// The name of a property.
    Property,
    /// The first property of a pair.
    One,
    /// The second property of a pair.
    Other,
    /// One step of several, in their order.
    Step,
    /// The days from the first step to any other.
    Within,
    /// One of the steps right before, in their order.
    After,
    /// The minutes after which a visit is over.
    Pause,
    /// Who is followed from step to step.
    Per,
    /// What a row stands for.
    Period,
    /// The first day.
    From,
    /// The last day.
    To,
    /// The number of days.
    Days,
    /// The days that are asked about, too, to compare with.
    Before,
    /// One version of the program.
    Version,
    /// What rows are split by.
    By,
    /// A value that events must have.
    Where,
    /// The form of the answer.
    Format,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterForm {
    /// Any text; which, the catalog of the product says.
    Text,
    /// A date such as 2026-11-20.
    Date,
    /// A whole number.
    Number {
        /// The least.
        least: i32,
        /// The greatest.
        most: i32,
    },
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One of these words, or a date.
    WordOrDate(&'static [&'static str]),
    /// A name and a value with a colon between them. It may be given several
    /// times, at most so many.
    NamedValues {
        /// The most.
        most: usize,
    },
    /// The name of an event or, after it and with colons between them, a name
    /// and a value. It may be given several times, in an order.
    Steps {
        /// The least.
        least: usize,
        /// The most.
        most: usize,
    },
}

impl QuestionParameter {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Product,
        Self::Event,
        Self::Property,
        Self::One,
        Self::Other,
        Self::Step,
        Self::Within,
        Self::After,
        Self::Pause,
        Self::Per,
        Self::Period,
        Self::From,
        Self::To,
        Self::Days,
        Self::Before,
        Self::Version,
        Self::By,
        Self::Where,
        Self::Format,
    ];

    /// The name in a query, and that of the option of `headcount ask`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Event => "event",
            Self::Property => "property",
            Self::One => "one",
            Self::Other => "other",
            Self::Step => "step",
            Self::Within => "within",
            Self::After => "after",
            Self::Pause => "pause",
            Self::Per => "per",
            Self::Period => "period",
            Self::From => "from",
            Self::To => "to",
            Self::Days => "days",
            Self::Before => "before",
            Self::Version => "version",
            Self::By => "by",
            Self::Where => "where",
            Self::Format => "format",
        }
    }

    /// What it says, without a full stop.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Product => "The name of the product",
            Self::Event => "The name of the event, as in the catalog",
            Self::Property => "The name of the property, as in the catalog",
            Self::One => {
                "The first property of a pair; one that `across` in the catalog names is quicker"
            }
            Self::Other => "The second property of the pair",
            Self::Step => {
                "A step, as EVENT or EVENT:NAME:VALUE: the steps are in the order in which they are \
                 given; nothing after the second colon means events without a value"
            }
            Self::Within => "The number of days from the first step to any other; by default 7",
            Self::After => {
                "A step right before, as EVENT or EVENT:NAME:VALUE: the steps are in the order in \
                 which they are given; without any, what visits begin with"
            }
            Self::Pause => {
                "The number of minutes without an event after which a visit is over; by default 30"
            }
            Self::Per => "Who is followed from step to step; by default devices",
            Self::Period => "What a row stands for; by default a day",
            Self::From => {
                "The first day, UTC; by default that of the last 30 days, 13 weeks or 12 months"
            }
            Self::To => "The last day, UTC; by default today",
            Self::Days => "The number of days up to the last one, instead of `from`",
            Self::Before => {
                "As many days to compare with: `yes` for those right before, `year` for those 52 \
                 weeks (12 months) before, or those from a date on"
            }
            Self::Version => "Only this version of the program",
            Self::By => {
                "Each version for itself with `version`, or each value of the property of this name"
            }
            Self::Where => {
                "Only events with this value, as NAME:VALUE; several values of a name are `or`, \
                 several names `and`; nothing after the colon means events without a value"
            }
            Self::Format => "The form of the answer; by default what `Accept` prefers, or JSON",
        }
    }

    /// Whether it may be given several times.
    #[must_use]
    pub fn is_repeatable(self) -> bool {
        matches!(self.form(), ParameterForm::NamedValues { .. } | ParameterForm::Steps { .. })
    }

    /// What it may be.
    #[must_use]
    pub fn form(self) -> ParameterForm {
        match self {
            Self::Product
            | Self::Event
            | Self::Property
            | Self::One
            | Self::Other
            | Self::Version
            | Self::By => ParameterForm::Text,
            Self::Step => {
                ParameterForm::Steps { least: limits::FEWEST_STEPS, most: limits::MOST_STEPS }
            }
            Self::After => ParameterForm::Steps { least: 0, most: limits::MOST_STEPS },
            Self::Pause => ParameterForm::Number { least: 1, most: limits::MOST_PAUSE_MINUTES },
            Self::Within => ParameterForm::Number { least: 1, most: limits::MOST_STEP_DAYS },
            Self::Per => ParameterForm::OneOf(&["device", "session"]),
            Self::Period => ParameterForm::OneOf(&["day", "week", "month"]),
            Self::From | Self::To => ParameterForm::Date,
            Self::Days => ParameterForm::Number { least: 1, most: limits::MOST_QUESTION_DAYS },
            Self::Before => ParameterForm::WordOrDate(&["yes", "no", "year"]),
            Self::Where => {
                ParameterForm::NamedValues { most: limits::FILTER_NAMES * limits::FILTER_VALUES }
            }
            Self::Format => ParameterForm::OneOf(&["json", "csv"]),
        }
    }
}

/// The names of parameters, separated by commas.
pub(super) fn names(parameters: &[QuestionParameter]) -> String {
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name()).collect();
    names.join(", ")
}
