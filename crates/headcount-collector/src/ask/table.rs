//! An answer as a table: cells in the order of the columns.

use headcount_catalog::Day;

use super::columns::{AnswerColumn, Presence};
use super::for_store::RowSplit;

/// A cell of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AnswerCell {
    /// The row does not have this column.
    Absent,
    /// The row has it, and nothing is known.
    Null,
    Text(String),
    Word(&'static str),
    Count(u64),
    Number(f64),
    Share(f64),
    Day(Day),
    /// A month, by its first day.
    Month(Day),
    Flag,
}

/// Rows with as many cells as there are columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AnswerTable {
    pub(super) columns: Vec<AnswerColumn>,
    /// What has rows of its own.
    pub(super) split: RowSplit,
    pub(super) rows: Vec<Vec<AnswerCell>>,
}

impl AnswerTable {
    /// Whether a row of this table can have the column.
    pub(super) fn has(&self, column: &AnswerColumn) -> bool {
        match column.presence {
            Presence::EachVersion => self.split == RowSplit::Versions,
            Presence::EachValue => self.split == RowSplit::Values,
            _ => true,
        }
    }
}

/// `2026-11`
pub(super) fn month(start: Day) -> String {
    let mut text = start.to_string();
    text.truncate(text.len() - "-01".len());
    text
}
