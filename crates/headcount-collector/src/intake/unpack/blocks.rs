//! How many blocks a compressed body may have.

use crate::intake::rejection::Rejection;
use crate::limits;

/// The blocks of a body. Each has a code of its own, which costs about as much
/// as a kilobyte of text, even if the block is empty.
#[derive(Default)]
pub(super) struct Blocks {
    count: usize,
    bytes: usize,
}

impl Blocks {
    /// Counts a block, or the part of one that fills a chunk.
    pub(super) fn count(&mut self, bytes: usize) -> Result<(), Rejection> {
        self.count += 1;
        self.bytes += bytes;
        if self.count > limits::BLOCKS + self.bytes / limits::BLOCK_BYTES {
            return Err(Rejection::TooMuch(format!(
                "the compressed body has more than one block for {} bytes: compress it with fewer \
                 flushes",
                limits::BLOCK_BYTES
            )));
        }
        Ok(())
    }
}
