//! What is counted: a series for each event, column and pair of columns.

/// What the cells of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum SeriesKind {
    /// Events of a product, by name.
    Events,
    /// Events of one name, by the value of a column.
    Values,
    /// Events of one name, by the values of two columns.
    Pairs,
    /// Events of one name, by the bucket of a column of whole numbers.
    WholeNumbers,
    /// The same of a column of fractions.
    Fractions,
}

impl SeriesKind {
    /// The number in the tables.
    pub(super) fn number(self) -> i64 {
        self as i64
    }

    pub(super) fn of_number(number: i64) -> Option<Self> {
        let all = [Self::Events, Self::Values, Self::Pairs, Self::WholeNumbers, Self::Fractions];
        all.into_iter().find(|kind| kind.number() == number)
    }
}

/// A series of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Series {
    pub(super) kind: SeriesKind,
    /// The event's name; empty for [`SeriesKind::Events`].
    pub(super) event: Box<str>,
    /// The name of the column, or of the first of two; otherwise empty.
    pub(super) one: Box<str>,
    /// The name of the second column; otherwise empty.
    pub(super) other: Box<str>,
}

impl Series {
    /// The events of a product.
    pub(super) fn events() -> Self {
        Self::new(SeriesKind::Events, "", "", "")
    }

    pub(super) fn new(kind: SeriesKind, event: &str, one: &str, other: &str) -> Self {
        Self { kind, event: event.into(), one: one.into(), other: other.into() }
    }
}
