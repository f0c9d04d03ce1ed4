//! What can be wrong with sealed bytes.

use std::fmt;

use crate::block::Damage;

/// Why a chunk, a page of ids or a filter cannot be read. Printed after "cannot
/// read sealed chunk 7: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SealedDamage {
    /// As in a block.
    Bytes(Damage),
    /// The first bytes are not those of a chunk.
    NotAChunk,
    /// A newer version wrote it.
    UnknownFormat(u8),
    /// Zstandard cannot decompress a frame to its length.
    Frame,
    /// The rows are more than a chunk may have, or others than the ids.
    RowCount,
    /// The ids are not sorted, or one comes twice.
    IdOrder,
    /// A place is not in the schema.
    OutsideSchema,
}

impl SealedDamage {
    /// Whether a newer version wrote the bytes.
    pub(crate) fn is_newer_format(self) -> bool {
        matches!(self, Self::UnknownFormat(_))
    }
}

impl From<Damage> for SealedDamage {
    fn from(damage: Damage) -> Self {
        Self::Bytes(damage)
    }
}

impl fmt::Display for SealedDamage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Bytes(Damage::Checksum) => "the checksum does not match",
            Self::Bytes(Damage::CutShort | Damage::CountTooLarge) => "the bytes are cut short",
            Self::Bytes(damage) => return damage.fmt(out),
            Self::NotAChunk => "the first bytes are not those of a sealed chunk",
            Self::UnknownFormat(format) => {
                return write!(out, "unknown format {format} of sealed chunks");
            }
            Self::Frame => "compressed bytes cannot be decompressed",
            Self::RowCount => "the number of rows is not that of the ids",
            Self::IdOrder => "the ids are not in order",
            Self::OutsideSchema => "a place is not in the schema",
        })
    }
}
