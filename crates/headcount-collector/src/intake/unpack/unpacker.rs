//! Decompresses a body while it arrives.

use std::io::Write as _;
use std::sync::Arc;

use axum::http::HeaderMap;
use flate2::write::MultiGzDecoder;
use tokio::sync::Semaphore;

use super::content_encoding::{ContentEncoding, TELLING_BYTES};
use super::inflate::{Framing, Inflate};
use super::zstd;
use crate::intake::body_buffer::{BodyBuffer, WholeBody};
use crate::intake::rejection::Rejection;

/// Takes a body in pieces and returns it whole, decompressed.
pub(in crate::intake) struct Unpacker {
    from_header: ContentEncoding,
    memory: Arc<Semaphore>,
    /// The first bytes, while they are too few to tell the encoding.
    first: Vec<u8>,
    decoder: Option<Decoder>,
}

impl Unpacker {
    pub(in crate::intake) fn new(
        headers: &HeaderMap,
        memory: &Arc<Semaphore>,
    ) -> Result<Self, Rejection> {
        let from_header = ContentEncoding::from_header(headers)?;
        Ok(Self { from_header, memory: Arc::clone(memory), first: Vec::new(), decoder: None })
    }

    pub(in crate::intake) fn write(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        if let Some(decoder) = &mut self.decoder {
            return decoder.write(bytes);
        }
        if self.first.is_empty() && bytes.len() >= TELLING_BYTES {
            return self.begin(bytes);
        }
        self.first.extend_from_slice(bytes);
        if self.first.len() < TELLING_BYTES {
            return Ok(());
        }
        let first = std::mem::take(&mut self.first);
        self.begin(&first)
    }

    fn begin(&mut self, first: &[u8]) -> Result<(), Rejection> {
        let encoding = self.from_header.refined_by(first);
        let decoder = Decoder::new(encoding, BodyBuffer::new(&self.memory));
        self.decoder.insert(decoder).write(first)
    }

    pub(in crate::intake) fn finish(self) -> Result<WholeBody, Rejection> {
        let Self { from_header, memory, first, decoder } = self;
        let decoder = match decoder {
            Some(decoder) => decoder,
            None => {
                let encoding = from_header.refined_by(&first);
                let mut decoder = Decoder::new(encoding, BodyBuffer::new(&memory));
                decoder.write(&first)?;
                decoder
            }
        };
        decoder.finish().map(BodyBuffer::whole)
    }
}

enum Decoder {
    Plain(BodyBuffer),
    // Boxed, as is the next, because its state is tens of kilobytes.
    Gzip(Box<MultiGzDecoder<BodyBuffer>>),
    Deflate(Box<Inflate>),
    /// Holds the compressed body, which is decompressed once it is whole.
    Zstd(BodyBuffer),
}

impl Decoder {
    fn new(encoding: ContentEncoding, buffer: BodyBuffer) -> Self {
        match encoding {
            ContentEncoding::Plain => Self::Plain(buffer),
            ContentEncoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(buffer))),
            ContentEncoding::Zlib => Self::Deflate(Box::new(Inflate::new(Framing::Zlib, buffer))),
            ContentEncoding::Deflate => {
                Self::Deflate(Box::new(Inflate::new(Framing::None, buffer)))
            }
            ContentEncoding::Zstd => Self::Zstd(buffer),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        match self {
            Self::Plain(buffer) | Self::Zstd(buffer) => buffer.push(bytes),
            Self::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(|_| gzip_failure(decoder.get_mut()))
            }
            Self::Deflate(inflate) => inflate.write(bytes),
        }
    }

    fn finish(self) -> Result<BodyBuffer, Rejection> {
        match self {
            Self::Plain(buffer) => Ok(buffer),
            Self::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => Ok(decoder.get_mut().take()),
                Err(_) => Err(gzip_failure(decoder.get_mut())),
            },
            Self::Deflate(inflate) => inflate.finish(),
            Self::Zstd(buffer) => zstd::unpacked(&buffer),
        }
    }
}

/// Why decompressing failed: a limit of the buffer, or else the compressed
/// bytes.
fn gzip_failure(buffer: &mut BodyBuffer) -> Rejection {
    buffer.failure().unwrap_or_else(|| Rejection::broken_encoding("gzip"))
}
