//! The kinds of cells, each as a byte of the format.

use crate::{Cell, Counted};

/// The bit that says that a column is counted by value.
const COUNTED: u8 = 0x80;

/// The kind of all cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    Flag = 0,
    Number = 1,
    Decimal = 2,
    Word = 3,
    Words = 4,
    Text = 5,
    Texts = 6,
    Pseudonym = 7,
    Seconds = 8,
}

impl CellKind {
    pub(super) fn of(cell: &Cell<'_>) -> Self {
        match cell {
            Cell::Flag(_) => Self::Flag,
            Cell::Number(_) => Self::Number,
            Cell::Decimal(_) => Self::Decimal,
            Cell::Word(_) => Self::Word,
            Cell::Words(_) => Self::Words,
            Cell::Text(_) => Self::Text,
            Cell::Texts(_) => Self::Texts,
            Cell::Pseudonym(_) => Self::Pseudonym,
            Cell::Seconds(_) => Self::Seconds,
        }
    }

    pub(super) fn byte(self, counted: Counted) -> u8 {
        let bit = match counted {
            Counted::ByValue => COUNTED,
            Counted::No => 0,
        };
        self as u8 | bit
    }

    pub(super) fn read(byte: u8) -> Option<(Self, Counted)> {
        let kind = match byte & !COUNTED {
            0 => Self::Flag,
            1 => Self::Number,
            2 => Self::Decimal,
            3 => Self::Word,
            4 => Self::Words,
            5 => Self::Text,
            6 => Self::Texts,
            7 => Self::Pseudonym,
            8 => Self::Seconds,
            _ => return None,
        };
        Some((kind, if byte & COUNTED == 0 { Counted::No } else { Counted::ByValue }))
    }
}
