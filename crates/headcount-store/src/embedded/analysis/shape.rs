//! The tables that a query asks, and the rows that it gets.

use std::ops::ControlFlow;

use crate::ColumnKind;

/// A table of a query: the events of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysisTable {
    /// The product, which is the table's name.
    pub product: String,
    /// The columns. No two have the same name, upper and lower case not told
    /// apart.
    pub columns: Vec<AnalysisColumn>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysisColumn {
    /// Its name in a query.
    pub name: String,
    /// What it has.
    pub source: AnalysisSource,
}

/// What a column of a table has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnalysisSource {
    /// The event's own day: `2026-11-20`.
    Day,
    /// The id of the event.
    Id,
    /// The name of the event.
    Event,
    /// The pseudonym of the device: 32 digits.
    Device,
    /// Whether the device's home was thrown away: 0 or 1.
    Ephemeral,
    /// How many events this one stands for.
    Weight,
    /// The periods of which the event is the device's first, as an array.
    Marks,
    /// How long the device has been counted.
    Age,
    /// The cells of all columns of this name, and of which kinds they are.
    Cells(String, Vec<ColumnKind>),
}

impl AnalysisSource {
    /// The type of the column, as SQL names it; empty if it may be any.
    #[must_use]
    pub fn sql_type(&self) -> &'static str {
        let of_kind = |kind: ColumnKind| match kind {
            ColumnKind::Flag | ColumnKind::Number => "INTEGER",
            ColumnKind::Decimal => "REAL",
            ColumnKind::Word
            | ColumnKind::Words
            | ColumnKind::Text
            | ColumnKind::Texts
            | ColumnKind::Pseudonym
            | ColumnKind::Seconds => "TEXT",
        };
        match self {
            Self::Day | Self::Id | Self::Event | Self::Device | Self::Marks | Self::Age => "TEXT",
            Self::Ephemeral | Self::Weight => "INTEGER",
            Self::Cells(_, kinds) => {
                let first = kinds.first().map_or("", |kind| of_kind(*kind));
                let is_same = kinds.iter().all(|kind| of_kind(*kind) == first);
                if is_same { first } else { "" }
            }
        }
    }
}

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AnalysisValue<'a> {
    /// There is none.
    Null,
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// Takes the rows of a query.
pub trait AnalysisRows {
    /// The names of the columns. Comes once, before the rows.
    fn columns(&mut self, names: &[&str]) -> ControlFlow<()>;

    /// A row, with a value for each column.
    fn row(&mut self, values: &[AnalysisValue<'_>]) -> ControlFlow<()>;
}
