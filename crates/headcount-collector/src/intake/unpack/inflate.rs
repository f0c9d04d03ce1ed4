//! Deflate, with zlib's frame around it or without.

use flate2::{Decompress, FlushDecompress, Status};

use super::super::kept::Kept;
use super::super::turned_away::TurnedAway;
use super::broken;
use crate::limits;

/// What stands around the compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// Two bytes before and a checksum after.
    Zlib,
    /// Nothing.
    None,
}

/// One stream.
///
/// flate2's own writer takes the end of its input for the end of the stream; this one wants the
/// stream to say so itself, or else half a body would be a whole one.
pub(super) struct Inflate {
    state: Decompress,
    piece: Vec<u8>,
    has_ended: bool,
    kept: Kept,
}

impl Inflate {
    pub(super) fn new(frame: Frame, kept: Kept) -> Self {
        let state = Decompress::new(frame == Frame::Zlib);
        Self { state, piece: vec![0; limits::PIECE_BYTES], has_ended: false, kept }
    }

    pub(super) fn write(&mut self, mut bytes: &[u8]) -> Result<(), TurnedAway> {
        loop {
            if self.has_ended {
                return if bytes.is_empty() { Ok(()) } else { Err(broken("deflate")) };
            }
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(bytes, &mut self.piece, FlushDecompress::None)
                .map_err(|_| broken("deflate"))?;
            // Neither is more than the slices it was given.
            let read = usize::try_from(self.state.total_in() - read).unwrap_or(bytes.len());
            let written = usize::try_from(self.state.total_out() - written).unwrap_or(0);
            self.kept.keep(&self.piece[..written])?;
            bytes = &bytes[read..];
            self.has_ended = status == Status::StreamEnd;
            // A full piece may have more behind it that needs no more input.
            if !self.has_ended && read == 0 && written == 0 {
                return if bytes.is_empty() { Ok(()) } else { Err(broken("deflate")) };
            }
        }
    }

    pub(super) fn finish(self) -> Result<Kept, TurnedAway> {
        if self.has_ended { Ok(self.kept) } else { Err(broken("deflate")) }
    }
}
