//! Zstandard, decompressed once the body is whole: in one go, so that no two windows are in memory
//! on one thread.

use std::io::Read as _;

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::super::kept::Kept;
use super::super::turned_away::TurnedAway;
use super::broken;
use crate::limits;

/// What `compressed` holds: frames one after another, of which some may be skipped.
pub(super) fn unpacked(compressed: &Kept) -> Result<Kept, TurnedAway> {
    let mut rest = compressed.bytes();
    let mut kept = compressed.beside();
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(limits::WINDOW_BYTES);
    for _ in 0..limits::FRAMES {
        if rest.is_empty() {
            return Ok(kept);
        }
        match decoder.reset(&mut rest) {
            Ok(()) => frame(&mut decoder, &mut rest, &mut kept)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = usize::try_from(length).map_err(|_| broken("zstd"))?;
                rest = rest.get(length..).ok_or_else(|| broken("zstd"))?;
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => {
                return Err(TurnedAway::TooMuch(format!(
                    "the body needs a window of more than {} MiB to be decompressed: compress it \
                     at a lower level",
                    limits::WINDOW_BYTES / MIB
                )));
            }
            Err(_) => return Err(broken("zstd")),
        }
    }
    if rest.is_empty() { Ok(kept) } else { Err(broken("zstd")) }
}

const MIB: u64 = 1024 * 1024;

fn frame(decoder: &mut FrameDecoder, rest: &mut &[u8], kept: &mut Kept) -> Result<(), TurnedAway> {
    let mut piece = vec![0; limits::PIECE_BYTES];
    loop {
        let strategy = BlockDecodingStrategy::UptoBytes(limits::PIECE_BYTES);
        if !decoder.is_finished() {
            decoder.decode_blocks(&mut *rest, strategy).map_err(|_| broken("zstd"))?;
        }
        // Until the frame has ended, as much as its window stays behind.
        while decoder.can_collect() > 0 {
            let length = decoder.read(&mut piece).map_err(|_| broken("zstd"))?;
            kept.keep(&piece[..length])?;
        }
        if decoder.is_finished() {
            return Ok(());
        }
    }
}
