//! A body on its way out of its encoding: gzip, deflate and zstd, as they are announced or as they
//! are.
//!
//! Clients announce in different places: a header, `?compression=gzip` (PostHog),
//! `dd-evp-encoding=deflate` (Datadog), or nowhere. The first bytes say it for all of them: no text
//! and no message of ours begins as a compressed body does.

mod inflate;
mod zstd;

use std::io::Write as _;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use flate2::write::MultiGzDecoder;
use tokio::sync::Semaphore;

use super::kept::{Kept, Taken};
use super::turned_away::TurnedAway;
use inflate::{Frame, Inflate};

/// Bytes that tell every encoding: zstd's magic number has four.
const TELLING: usize = 4;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    /// Deflate with zlib's frame around it, which is what HTTP calls `deflate`.
    Zlib,
    /// Deflate alone, which is what some clients take HTTP for.
    Deflate,
    Zstd,
}

impl Encoding {
    /// What the header says; plain where it says nothing of it.
    fn announced(headers: &HeaderMap) -> Result<Self, TurnedAway> {
        let said = headers.get(header::CONTENT_ENCODING).map_or(b"".as_slice(), |it| it.as_bytes());
        match said.trim_ascii().to_ascii_lowercase().as_slice() {
            b"" | b"identity" => Ok(Self::Plain),
            b"gzip" | b"x-gzip" => Ok(Self::Gzip),
            b"deflate" => Ok(Self::Deflate),
            b"zstd" => Ok(Self::Zstd),
            _ => Err(TurnedAway::UnknownEncoding),
        }
    }

    /// What it is by its first bytes, where the header leaves that open.
    fn seen(self, first: &[u8]) -> Self {
        match (self, first) {
            (Self::Plain, [0x1f, 0x8b, ..]) => Self::Gzip,
            (Self::Plain, [0x28, 0xb5, 0x2f, 0xfd, ..]) => Self::Zstd,
            // Deflate with a window of 32 KiB is the one form that compressors write.
            (Self::Plain, [0x78, flags, ..]) if is_zlib(0x78, *flags) => Self::Zlib,
            (Self::Deflate, [method, flags, ..]) if is_zlib(*method, *flags) => Self::Zlib,
            (announced, _) => announced,
        }
    }
}

/// RFC 1950, section 2.2: method 8, and both bytes together a multiple of 31.
fn is_zlib(method: u8, flags: u8) -> bool {
    method & 0x0f == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
}

/// Takes a body in pieces and gives it back whole.
pub(super) struct Unpacker {
    announced: Encoding,
    room: Arc<Semaphore>,
    /// Its first bytes, as long as they are too few to tell what it is.
    first: Vec<u8>,
    decoder: Option<Decoder>,
}

impl Unpacker {
    pub(super) fn new(headers: &HeaderMap, room: &Arc<Semaphore>) -> Result<Self, TurnedAway> {
        let announced = Encoding::announced(headers)?;
        Ok(Self { announced, room: Arc::clone(room), first: Vec::new(), decoder: None })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), TurnedAway> {
        if let Some(decoder) = &mut self.decoder {
            return decoder.write(bytes);
        }
        if self.first.is_empty() && bytes.len() >= TELLING {
            return self.begin(bytes);
        }
        self.first.extend_from_slice(bytes);
        if self.first.len() < TELLING {
            return Ok(());
        }
        let first = std::mem::take(&mut self.first);
        self.begin(&first)
    }

    fn begin(&mut self, first: &[u8]) -> Result<(), TurnedAway> {
        let decoder = Decoder::new(self.announced.seen(first), Kept::new(&self.room));
        self.decoder.insert(decoder).write(first)
    }

    pub(super) fn finish(self) -> Result<Taken, TurnedAway> {
        let Self { announced, room, first, decoder } = self;
        let decoder = match decoder {
            Some(decoder) => decoder,
            None => {
                let mut decoder = Decoder::new(announced.seen(&first), Kept::new(&room));
                decoder.write(&first)?;
                decoder
            }
        };
        decoder.finish().map(Kept::taken)
    }
}

/// What a body is fed to.
enum Decoder {
    Plain(Kept),
    // Its state is tens of kilobytes, as is that of the next.
    Gzip(Box<MultiGzDecoder<Kept>>),
    Deflate(Box<Inflate>),
    /// Compressed as it came: it is decompressed once it is whole.
    Zstd(Kept),
}

impl Decoder {
    fn new(encoding: Encoding, kept: Kept) -> Self {
        match encoding {
            Encoding::Plain => Self::Plain(kept),
            Encoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(kept))),
            Encoding::Zlib => Self::Deflate(Box::new(Inflate::new(Frame::Zlib, kept))),
            Encoding::Deflate => Self::Deflate(Box::new(Inflate::new(Frame::None, kept))),
            Encoding::Zstd => Self::Zstd(kept),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), TurnedAway> {
        match self {
            Self::Plain(kept) | Self::Zstd(kept) => kept.keep(bytes),
            Self::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(|_| why(decoder.get_mut(), "gzip"))
            }
            Self::Deflate(inflate) => inflate.write(bytes),
        }
    }

    fn finish(self) -> Result<Kept, TurnedAway> {
        match self {
            Self::Plain(kept) => Ok(kept),
            Self::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => Ok(decoder.get_mut().take()),
                Err(_) => Err(why(decoder.get_mut(), "gzip")),
            },
            Self::Deflate(inflate) => inflate.finish(),
            Self::Zstd(kept) => zstd::unpacked(&kept),
        }
    }
}

/// Why decompressing failed: a limit, or else what was compressed.
fn why(kept: &mut Kept, encoding: &str) -> TurnedAway {
    kept.stopped().unwrap_or_else(|| broken(encoding))
}

fn broken(encoding: &str) -> TurnedAway {
    TurnedAway::Malformed(format!("the body says it is {encoding} and is not, or is cut short"))
}

#[cfg(test)]
mod tests;
