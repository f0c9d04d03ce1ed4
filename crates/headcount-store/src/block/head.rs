//! The head of a block: magic, format number and checksum.

use super::checksum::xxh64;
use super::damage::Damage;

const MAGIC: [u8; 3] = *b"HCB";

/// The format that is written. A change of the bytes that follow needs a new
/// number. 1 is that of files of formats 1 and 2.
const FORMAT: u8 = 3;

const CHECKSUM_START: usize = MAGIC.len() + size_of::<u8>();

/// Bytes of the head. The checksum covers everything after it.
pub(super) const HEAD_BYTES: usize = CHECKSUM_START + size_of::<u64>();

/// Starts a block; its checksum is filled in by [`seal`].
pub(super) fn put_head(out: &mut Vec<u8>) {
    out.extend_from_slice(&MAGIC);
    out.push(FORMAT);
    out.extend_from_slice(&[0; size_of::<u64>()]);
}

/// Writes the checksum into the head of a finished block.
pub(super) fn seal(block: &mut [u8]) {
    let checksum = xxh64(&block[HEAD_BYTES..]);
    block[CHECKSUM_START..HEAD_BYTES].copy_from_slice(&checksum.to_le_bytes());
}

/// Returns what follows the head, if the head and the checksum are right.
pub(super) fn check_head(block: &[u8]) -> Result<&[u8], Damage> {
    check_head_of(block, FORMAT)
}

/// Does the same for a block of this format.
pub(super) fn check_head_of(block: &[u8], expected: u8) -> Result<&[u8], Damage> {
    let Some((magic, after_magic)) = block.split_first_chunk() else {
        return Err(Damage::CutShort);
    };
    if *magic != MAGIC {
        return Err(Damage::NotABlock);
    }
    let (format, after_format) = after_magic.split_first().ok_or(Damage::CutShort)?;
    if *format != expected {
        return Err(Damage::UnknownFormat(*format));
    }
    let (checksum, rest) = after_format.split_first_chunk().ok_or(Damage::CutShort)?;
    if u64::from_le_bytes(*checksum) != xxh64(rest) {
        return Err(Damage::Checksum);
    }
    Ok(rest)
}
