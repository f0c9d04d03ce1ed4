//! The closed list of questions that can be asked over HTTP.

use super::question_parameter::QuestionParameter;

/// A question that can be asked over HTTP, or of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpQuestion {
    /// Events by day and name.
    Events,
    /// Devices by day, week or month.
    Active,
    /// Devices by week that were new in it, and that were not.
    NewAndReturning,
    /// Devices by week and age, or by week and the week of their first event,
    /// beside the devices that were new so long before.
    Retention,
    /// Events of one name by day and value of a property.
    ByProperty,
    /// Events of one name by day and two values.
    Across,
    /// Events of one name that failed and that worked.
    Failures,
    /// Quantiles of a property of numbers.
    Quantiles,
    /// Devices or sessions that did one thing after the other.
    Steps,
    /// What devices or sessions did right after some steps.
    Next,
    /// Versions of the host, with their days.
    Versions,
    /// Rejected events and dropped properties, by where and why.
    Rejected,
}

impl HttpQuestion {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 12] = [
        Self::Events,
        Self::Active,
        Self::NewAndReturning,
        Self::Retention,
        Self::ByProperty,
        Self::Across,
        Self::Failures,
        Self::Quantiles,
        Self::Steps,
        Self::Next,
        Self::Versions,
        Self::Rejected,
    ];

    /// The name in the path.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Active => "active",
            Self::NewAndReturning => "new-and-returning",
            Self::Retention => "retention",
            Self::ByProperty => "by-property",
            Self::Across => "across",
            Self::Failures => "failures",
            Self::Quantiles => "quantiles",
            Self::Steps => "steps",
            Self::Next => "next",
            Self::Versions => "versions",
            Self::Rejected => "rejected",
        }
    }

    /// What it answers, without a full stop.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Events => "Events by day and name",
            Self::Active => "Devices by day, week or month",
            Self::NewAndReturning => "Devices by week that were new in it, and that were not",
            Self::Retention => "Devices that came back, by week",
            Self::ByProperty => "Events of one name by day and value of a property",
            Self::Across => "Events of one name by day and the values of two properties",
            Self::Failures => "Events of one name that failed and that worked",
            Self::Quantiles => "Quantiles of a duration, a count or an amount",
            Self::Steps => "Devices or sessions that did one thing after the other, step by step",
            Self::Next => "What devices or sessions did next, right after some steps",
            Self::Versions => "Versions, with their first and last day",
            Self::Rejected => "Rejected events and dropped properties, by where and why",
        }
    }

    /// The question of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.name() == name)
    }

    /// The parameters that it takes, in the order of the documentation.
    #[must_use]
    pub fn parameters(self) -> &'static [QuestionParameter] {
        use QuestionParameter::{
            After, Before, By, Days, Event, Format, From, One, Other, Pause, Per, Period, Product,
            Property, Step, To, Version, Where, Within,
        };
        match self {
            Self::NewAndReturning | Self::Retention | Self::Versions | Self::Rejected => {
                &[Product, From, To, Days, Before, Format]
            }
            Self::Events => &[Product, From, To, Days, Before, Version, By, Where, Format],
            Self::Active => &[Product, Period, From, To, Days, Before, Version, By, Where, Format],
            Self::ByProperty | Self::Failures => {
                &[Product, Event, Property, From, To, Days, Before, Version, By, Where, Format]
            }
            Self::Across => {
                &[Product, Event, One, Other, From, To, Days, Before, Version, By, Where, Format]
            }
            Self::Steps => {
                &[Product, Step, Within, Per, From, To, Days, Before, Version, Where, Format]
            }
            Self::Next => {
                &[Product, After, Pause, Per, From, To, Days, Before, Version, Where, Format]
            }
            Self::Quantiles => &[
                Product, Event, Property, Period, From, To, Days, Before, Version, By, Where,
                Format,
            ],
        }
    }

    /// Whether it cannot be asked without this parameter.
    #[must_use]
    pub fn requires(self, parameter: QuestionParameter) -> bool {
        use QuestionParameter::{Event, One, Other, Product, Property, Step};
        match parameter {
            Product => true,
            Event | One | Other | Step => self.parameters().contains(&parameter),
            Property => matches!(self, Self::ByProperty | Self::Quantiles),
            _ => false,
        }
    }
}
