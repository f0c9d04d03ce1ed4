//! Decompresses deflate, with or without zlib's frame.

use flate2::{Decompress, FlushDecompress, Status};

use crate::intake::body_buffer::BodyBuffer;
use crate::intake::rejection::Rejection;
use crate::limits;

/// What is around the compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Two bytes before and a checksum after.
    Zlib,
    None,
}

/// Decompresses one stream.
///
/// flate2's own writer takes the end of its input for the end of the stream, so
/// that half a body would pass for a whole one. This one requires the stream's
/// own end.
pub(super) struct Inflate {
    state: Decompress,
    chunk: Vec<u8>,
    has_ended: bool,
    buffer: BodyBuffer,
}

impl Inflate {
    pub(super) fn new(framing: Framing, buffer: BodyBuffer) -> Self {
        let state = Decompress::new(framing == Framing::Zlib);
        Self { state, chunk: vec![0; limits::CHUNK_BYTES], has_ended: false, buffer }
    }

    pub(super) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Rejection> {
        loop {
            if self.has_ended {
                return if bytes.is_empty() { Ok(()) } else { Err(broken()) };
            }
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let status = self
                .state
                .decompress(bytes, &mut self.chunk, FlushDecompress::None)
                .map_err(|_| broken())?;
            // Both are at most the lengths of the slices, so the conversions
            // cannot fail.
            let read = usize::try_from(self.state.total_in() - read).unwrap_or(bytes.len());
            let written = usize::try_from(self.state.total_out() - written).unwrap_or(0);
            self.buffer.push(&self.chunk[..written])?;
            bytes = &bytes[read..];
            self.has_ended = status == Status::StreamEnd;
            // After a full chunk there may be more output without more input.
            if !self.has_ended && read == 0 && written == 0 {
                return if bytes.is_empty() { Ok(()) } else { Err(broken()) };
            }
        }
    }

    pub(super) fn finish(self) -> Result<BodyBuffer, Rejection> {
        if self.has_ended { Ok(self.buffer) } else { Err(broken()) }
    }
}

fn broken() -> Rejection {
    Rejection::broken_encoding("deflate")
}
