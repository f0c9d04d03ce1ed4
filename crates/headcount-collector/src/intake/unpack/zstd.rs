//! Decompresses Zstandard once the compressed body is whole: in one go, so that
//! one thread has at most one window in memory.

use std::io::Read as _;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::intake::body_buffer::BodyBuffer;
use crate::intake::rejection::Rejection;
use crate::limits;

/// Decompresses frames one after another. Skippable frames are skipped.
pub(super) fn unpacked(mut rest: &[u8], mut buffer: BodyBuffer) -> Result<BodyBuffer, Rejection> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(limits::WINDOW_BYTES);
    for _ in 0..limits::FRAMES {
        if rest.is_empty() {
            return Ok(buffer);
        }
        match decoder.reset(&mut rest) {
            Ok(()) => frame(&mut decoder, &mut rest, &mut buffer)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = usize::try_from(length).map_err(|_| broken())?;
                rest = rest.get(length..).ok_or_else(broken)?;
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                return Err(Rejection::TooMuch(format!(
                    "decompressing the body needs a window of more than {} MiB: compress it at a \
                     lower level",
                    limits::WINDOW_BYTES / MIB
                )));
            }
            Err(_) => return Err(broken()),
        }
    }
    if rest.is_empty() { Ok(buffer) } else { Err(broken()) }
}

const MIB: u64 = 1024 * 1024;

fn frame(
    decoder: &mut FrameDecoder,
    rest: &mut &[u8],
    buffer: &mut BodyBuffer,
) -> Result<(), Rejection> {
    let mut chunk = vec![0; limits::CHUNK_BYTES];
    loop {
        let strategy = BlockDecodingStrategy::UptoBytes(limits::CHUNK_BYTES);
        if !decoder.is_finished() {
            decoder.decode_blocks(&mut *rest, strategy).map_err(|_| broken())?;
        }
        // Until the frame ends, the decoder holds back as much as its window.
        while decoder.can_collect() > 0 {
            let length = decoder.read(&mut chunk).map_err(|_| broken())?;
            buffer.push(&chunk[..length])?;
        }
        if decoder.is_finished() {
            return Ok(());
        }
    }
}

fn broken() -> Rejection {
    Rejection::broken_encoding("zstd")
}
