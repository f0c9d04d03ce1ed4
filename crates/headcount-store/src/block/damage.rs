//! What can be wrong with the bytes of a block.

use std::fmt;

/// Why a block cannot be read. Printed after "cannot read block 7: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The first bytes are not those of a block.
    NotABlock,
    /// The format number is not one that this version reads.
    UnknownFormat(u8),
    /// The checksum does not match the bytes that it covers.
    Checksum,
    /// The block ends before everything in it has been read.
    CutShort,
    /// There are bytes after the end.
    TrailingBytes,
    /// A varint has more than 64 bits.
    NumberTooLarge,
    /// A count or length exceeds the bytes that are left.
    CountTooLarge,
    /// A text is not valid UTF-8.
    NotUtf8,
    /// A code has no entry in its dictionary.
    UnknownCode,
    /// A column has a kind that no cell has.
    UnknownKind,
    /// The rows that have a column are not given, or not in rising order.
    UnknownPresence,
    /// Packed numbers have a width that no list has.
    UnknownWidth,
    /// A list of ids or pseudonyms has an unknown form.
    UnknownList,
    /// A dictionary has a text twice.
    TextTwice,
    /// A schema is not one that a catalog could have.
    BadSchema,
    /// The schema that the table names is missing, or is of another product.
    OtherSchema,
    /// The table says another number of rows than the block beside it.
    RowCount,
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NotABlock => "the first bytes are not those of a block",
            Self::UnknownFormat(format) => return write!(out, "unknown block format {format}"),
            Self::Checksum => "the checksum does not match",
            Self::CutShort => "the block is cut short",
            Self::TrailingBytes => "there are bytes after the end",
            Self::NumberTooLarge => "a number is larger than 64 bits",
            Self::CountTooLarge => "a count is larger than the block",
            Self::NotUtf8 => "a text is not valid UTF-8",
            Self::UnknownCode => "a code has no entry in its dictionary",
            Self::UnknownKind => "a column has an unknown kind",
            Self::UnknownPresence => "a column does not say which rows have it",
            Self::UnknownWidth => "a list of numbers has an unknown width",
            Self::UnknownList => "a list has an unknown form",
            Self::TextTwice => "a dictionary has a text twice",
            Self::BadSchema => "a schema has a place outside itself",
            Self::OtherSchema => "its schema is missing or of another product",
            Self::RowCount => "the table says another number of rows",
        })
    }
}
