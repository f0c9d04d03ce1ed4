//! The kinds of cells, each as a byte of the format.

use crate::ColumnKind;

/// The bit that says that a column is counted by value.
const COUNTED: u8 = 0x80;

/// Returns the kind, and whether the column is counted.
pub(super) fn read_kind(byte: u8) -> Option<(ColumnKind, bool)> {
    let kind = match byte & !COUNTED {
        0 => ColumnKind::Flag,
        1 => ColumnKind::Number,
        2 => ColumnKind::Decimal,
        3 => ColumnKind::Word,
        4 => ColumnKind::Words,
        5 => ColumnKind::Text,
        6 => ColumnKind::Texts,
        7 => ColumnKind::Pseudonym,
        8 => ColumnKind::Seconds,
        _ => return None,
    };
    Some((kind, byte & COUNTED != 0))
}
