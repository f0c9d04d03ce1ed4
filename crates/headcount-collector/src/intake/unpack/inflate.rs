//! Decompresses deflate: with gzip's frame, with zlib's, or with none.

use zlib_rs::{Inflate, InflateFlush, Status};

use super::blocks::Blocks;
use crate::intake::body_buffer::BodyBuffer;
use crate::intake::rejection::Rejection;
use crate::limits;

/// What is around the compressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// A header before and a checksum after, once for each member.
    Gzip,
    /// Two bytes before and a checksum after.
    Zlib,
    None,
}

impl Framing {
    /// A decoder of one stream with a window of 32 KiB. zlib's own code for
    /// gzip is the window plus 16.
    fn decoder(self) -> Inflate {
        match self {
            Self::Gzip => Inflate::new(true, 16 + 15),
            Self::Zlib => Inflate::new(true, 15),
            Self::None => Inflate::new(false, 15),
        }
    }

    fn broken(self) -> Rejection {
        Rejection::broken_encoding(if self == Self::Gzip { "gzip" } else { "deflate" })
    }
}

/// Decompresses a body: one stream, or up to [`limits::FRAMES`] members of
/// gzip.
pub(super) fn unpacked(
    framing: Framing,
    body: &[u8],
    mut buffer: BodyBuffer,
) -> Result<BodyBuffer, Rejection> {
    let mut stream = Stream { framing, rest: body, blocks: Blocks::default() };
    let mut chunk = vec![0; limits::CHUNK_BYTES];
    if framing != Framing::Gzip {
        stream.read(&mut chunk, &mut buffer)?;
        return if stream.rest.is_empty() { Ok(buffer) } else { Err(framing.broken()) };
    }
    for _ in 0..limits::FRAMES {
        if stream.rest.is_empty() {
            return Ok(buffer);
        }
        stream.read(&mut chunk, &mut buffer)?;
    }
    if stream.rest.is_empty() { Ok(buffer) } else { Err(framing.broken()) }
}

/// What is left of a body.
struct Stream<'a> {
    framing: Framing,
    rest: &'a [u8],
    blocks: Blocks,
}

impl Stream<'_> {
    /// Decompresses one stream to its end.
    fn read(&mut self, chunk: &mut [u8], buffer: &mut BodyBuffer) -> Result<(), Rejection> {
        let mut decoder = self.framing.decoder();
        loop {
            let (read, written) = (decoder.total_in(), decoder.total_out());
            // A call ends after a block, so that blocks can be counted.
            let status = decoder
                .decompress(self.rest, chunk, InflateFlush::Block)
                .map_err(|_| self.framing.broken())?;
            // Both are at most the lengths of the slices, so the conversions
            // cannot fail.
            let read = usize::try_from(decoder.total_in() - read).unwrap_or(self.rest.len());
            let written = usize::try_from(decoder.total_out() - written).unwrap_or(0);
            self.rest = &self.rest[read..];
            buffer.push(&chunk[..written])?;
            self.blocks.count(read + written)?;
            match status {
                Status::StreamEnd => return Ok(()),
                // More is needed, and there is no more.
                Status::BufError | Status::Ok if read == 0 && written == 0 => {
                    return Err(self.framing.broken());
                }
                Status::BufError | Status::Ok => {}
            }
        }
    }
}
