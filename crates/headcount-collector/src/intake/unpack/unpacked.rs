//! Decompresses a body that is whole.

use std::io::Write as _;
use std::sync::Arc;

use flate2::write::MultiGzDecoder;
use tokio::sync::Semaphore;

use super::content_encoding::ContentEncoding;
use super::inflate::{Framing, Inflate};
use super::zstd;
use crate::intake::body_buffer::{BodyBuffer, WholeBody};
use crate::intake::rejection::Rejection;

/// Returns a body decompressed. One that is not compressed stays where it is.
pub(in crate::intake) fn unpacked(
    encoding: ContentEncoding,
    body: WholeBody,
    memory: &Arc<Semaphore>,
) -> Result<WholeBody, Rejection> {
    let (bytes, buffer) = (body.bytes(), BodyBuffer::new(memory));
    let buffer = match encoding {
        ContentEncoding::Plain => return Ok(body),
        ContentEncoding::Gzip => gzip(bytes, buffer),
        ContentEncoding::Zlib => inflate(Framing::Zlib, bytes, buffer),
        ContentEncoding::Deflate => inflate(Framing::None, bytes, buffer),
        ContentEncoding::Zstd => zstd::unpacked(bytes, buffer),
    };
    buffer.map(BodyBuffer::whole)
}

fn gzip(bytes: &[u8], buffer: BodyBuffer) -> Result<BodyBuffer, Rejection> {
    let mut decoder = MultiGzDecoder::new(buffer);
    match decoder.write_all(bytes).and_then(|()| decoder.try_finish()) {
        Ok(()) => Ok(decoder.get_mut().take()),
        // A limit of the buffer, or else the compressed bytes.
        Err(_) => {
            Err(decoder.get_mut().failure().unwrap_or_else(|| Rejection::broken_encoding("gzip")))
        }
    }
}

fn inflate(framing: Framing, bytes: &[u8], buffer: BodyBuffer) -> Result<BodyBuffer, Rejection> {
    let mut inflate = Inflate::new(framing, buffer);
    inflate.write(bytes)?;
    inflate.finish()
}
