//! The fields of a record in the operator's log: numbers, and words of closed
//! lists.

use crate::route_class::RouteClass;

/// A field of a record. None of them can hold what a client sent: a name of a
/// product is that of a loaded catalog, and a reason is one of this program's.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum LogField {
    /// A product, by the name in its catalog.
    Product(&'static str),
    /// Why something was refused.
    Reason(&'static str),
    /// The status of an answer.
    Status(u16),
    /// Where a request was sent, as one of few, never as a path.
    Route(RouteClass),
    /// How many.
    Count(u64),
    /// For how long.
    Seconds(f64),
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LogValue {
    /// A word.
    Word(&'static str),
    /// A whole number.
    Number(u64),
    /// A number with a fraction.
    Fraction(f64),
}

impl LogField {
    /// The name in a line of the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Product(_) => "product",
            Self::Reason(_) => "reason",
            Self::Status(_) => "status",
            Self::Route(_) => "route",
            Self::Count(_) => "count",
            Self::Seconds(_) => "seconds",
        }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> LogValue {
        match *self {
            Self::Product(word) | Self::Reason(word) => LogValue::Word(word),
            Self::Status(status) => LogValue::Number(status.into()),
            Self::Route(route) => LogValue::Word(route.name()),
            Self::Count(count) => LogValue::Number(count),
            Self::Seconds(seconds) => LogValue::Fraction(seconds),
        }
    }
}
