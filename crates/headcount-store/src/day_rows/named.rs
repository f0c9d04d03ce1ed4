//! Rows by names, for tools and tests.

use headcount_catalog::{Day, EventId};

use super::cells::item_range;
use super::{CellColumn, Cells, DayRows, RowHead};
use crate::{ColumnShape, Pseudonym};

/// One row, with names and words instead of places.
#[derive(Debug, Clone, Copy)]
pub struct NamedRow<'a> {
    rows: &'a DayRows,
    row: usize,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum NamedCell<'a> {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// A word or a text of a known shape.
    Text(&'a str),
    /// Several words or texts.
    Texts(Vec<&'a str>),
    /// The pseudonym of a session, a turn or an account.
    Pseudonym(Pseudonym),
    /// A time, in seconds since 1970-01-01 UTC.
    Seconds(i64),
}

impl<'a> NamedCell<'a> {
    /// The cell at a place in the list of a column's cells.
    pub(crate) fn at(shape: &'a ColumnShape, column: &'a CellColumn, place: usize) -> Option<Self> {
        let word = |code: &u16| &*shape.words[usize::from(*code)];
        Some(match column.cells() {
            Cells::Flags(all) => Self::Flag(all[place]),
            Cells::Numbers(all) => Self::Number(all[place]),
            Cells::Decimals(all) => Self::Decimal(all[place]),
            Cells::Words(codes) => Self::Text(word(&codes[place])),
            Cells::WordLists(ends, codes) => {
                Self::Texts(codes[item_range(ends, place)].iter().map(word).collect())
            }
            Cells::Text(texts, codes) => Self::Text(texts.get(codes[place])?),
            Cells::TextLists(texts, ends, codes) => {
                let codes = &codes[item_range(ends, place)];
                Self::Texts(codes.iter().filter_map(|code| texts.get(*code)).collect())
            }
            Cells::Pseudonyms(all) => Self::Pseudonym(all[place]),
            Cells::Seconds(all) => Self::Seconds(all[place]),
        })
    }
}

impl DayRows {
    /// The rows by names, in order.
    pub fn named(&self) -> impl ExactSizeIterator<Item = NamedRow<'_>> {
        (0..self.len()).map(|row| NamedRow { rows: self, row })
    }
}

impl<'a> NamedRow<'a> {
    /// The product's name.
    #[must_use]
    pub fn product(self) -> &'a str {
        self.rows.schema().product()
    }

    /// The event's own day, UTC.
    #[must_use]
    pub fn day(self) -> Day {
        self.rows.day()
    }

    /// The id.
    #[must_use]
    pub fn id(self) -> EventId {
        self.rows.ids()[self.row]
    }

    /// The event's name.
    #[must_use]
    pub fn event(self) -> &'a str {
        &self.rows.schema().events()[usize::from(self.head().event)].name
    }

    /// Weight, marks and device.
    #[must_use]
    pub fn head(self) -> RowHead {
        self.rows.heads()[self.row]
    }

    /// The cells with the names of their columns, in the order of the schema.
    pub fn cells(self) -> impl Iterator<Item = (&'a str, NamedCell<'a>)> {
        let columns = self.rows.schema().columns().iter().zip(self.rows.columns());
        columns.filter_map(move |(shape, column)| Some((&*shape.name, self.cell(shape, column)?)))
    }

    fn cell(self, shape: &'a ColumnShape, column: &'a CellColumn) -> Option<NamedCell<'a>> {
        let row = u32::try_from(self.row).ok()?;
        let place = if column.rows().len() == self.rows.len() {
            self.row
        } else {
            column.rows().binary_search(&row).ok()?
        };
        NamedCell::at(shape, column, place)
    }
}
